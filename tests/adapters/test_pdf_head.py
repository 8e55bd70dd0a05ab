"""A PDF is a PDF after a byte order mark or a line break, and another kind of file with the letters inside is none."""

import pytest

from adapters.papers.pdf_head import from_head


@pytest.mark.parametrize(
    "before", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n", b"\n\n  \t", b"\0\0", b"\xef\xbb\xbf\r\n", b" " * 1019]
)
def test_what_readers_pass_over_is_cut_off(before: bytes) -> None:
    assert from_head(before + b"%PDF-1.7\n...") == b"%PDF-1.7\n..."


@pytest.mark.parametrize(
    "content", [b"", b"%PD", b"<html>%PDF-1.7", b"GIF89a%PDF-", b" " * 1020 + b"%PDF-", b"pdf", b"%pdf-1.4"]
)
def test_anything_else_is_no_pdf(content: bytes) -> None:
    assert from_head(content) is None
