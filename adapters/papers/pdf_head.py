"""Finds where a PDF begins: some programs put a byte order mark or a line break before it."""

from __future__ import annotations

HEAD = b"%PDF-"
SEARCHED = 1024
"""Bytes in which readers look for the head, as Adobe's notes on the standard have it."""
NO_TEXT = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n\f"
"""What may stand before the head: marks of an encoding, blanks, line breaks. Anything else is another kind of file."""


def from_head(content: bytes) -> bytes | None:
    """The PDF without what stands before its head, as the bureau takes it; None where it is no PDF."""
    at = pdf_begin(content)
    return content[at:] if at >= 0 else None


def begins_as_pdf(content: bytes) -> bool:
    """Whether these bytes are a PDF by their head."""
    return pdf_begin(content) >= 0


def pdf_begin(content: bytes) -> int:
    """The place of the head; -1 where there is none, or something else stands before it."""
    at = content.find(HEAD, 0, SEARCHED)
    return -1 if at < 0 or content[:at].strip(NO_TEXT) else at
