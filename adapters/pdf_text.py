"""What a PDF says of whose it is: whether title, version and numbers stand in its text, as far as it can be read."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Mapping
from io import BytesIO

from adapters.names import VERSION_MARK
from adapters.pdf_head import from_head

PAGES = 5
"""In so many pages of a paper its title is looked for; it heads the first of them, or all."""
TITLE, VERSION = "title", "version"
"""Under these names a title stands there whole, and not as a part of a longer one, and a version with or without V."""


async def lacking(pdf: bytes, due: Mapping[str, str]) -> tuple[str, ...] | None:
    """Which of these texts, by name, the PDF does not hold; None where it holds no text that can be read.

    A scan and a locked paper have none. Blanks, width and letter case count for nothing.
    """
    return await asyncio.to_thread(lacking_in, pdf, due)


def lacking_in(pdf: bytes, due: Mapping[str, str]) -> tuple[str, ...] | None:
    """The same at once, where this thread may wait for it."""
    from pypdf import PdfReader  # read when a paper is: every command line reads this module

    text, left = "", tuple(due)
    try:
        for page in PdfReader(BytesIO(from_head(pdf) or b"")).pages[:PAGES]:
            text += f" {page.extract_text()}"
            left = tuple(name for name in due if not _stands(name, due[name], text))
            if not left:
                return ()
    except Exception:  # noqa: BLE001 - whatever a library makes of it: this text cannot be read
        return None
    return left if text.strip() else None


def _stands(name: str, words: str, text: str) -> bool:
    spaced = _plain(text)
    meant = _plain(words).replace(" ", "")
    if not meant:
        return False
    letters = " ?".join(map(re.escape, meant))  # a line may break anywhere
    if name == VERSION:
        number = VERSION_MARK.sub("", meant)
        mark = "" if "." in number else "(?:version|ver|v|版本号?|版) ?[.:]? ?"  # a bare 1 numbers anything
        digits = " ?".join(map(re.escape, number))
        whole = rf"(?<![0-9.]){mark}{digits}(?![0-9]|\.[0-9])"
    elif name == TITLE:
        whole = rf"(?<![^\W_]){letters}(?=[\W_]|$|v\.?[0-9]|版本)"
    elif meant.isascii() and meant.isalnum():
        whole = rf"(?<![0-9a-z]){letters}(?![0-9a-z])"
    else:
        whole = letters
    return re.search(whole, spaced) is not None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
