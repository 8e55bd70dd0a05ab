"""Which kind of file somebody handed in, by its first bytes: so that the cure fits what it is."""

from __future__ import annotations

from adapters.pdf_head import begins_as_pdf

BEGINS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office",
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}
BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF"}


def kind_of(content: bytes) -> str:
    """The name people know it by; "" for what is not known."""
    if begins_as_pdf(content):
        return "PDF"
    if content[4:8] == b"ftyp":
        return BRANDS.get(content[8:12], "MP4")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    if content[:4] == b"PK\x03\x04":
        # the list of what a zip holds stands at its end, in plain bytes
        names = content[-65_536:] + content[:4096]
        return "Excel" if b"xl/" in names else "Word" if b"word/" in names else "zip"
    head = content[:512].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    return next((kind for begin, kind in BEGINS.items() if content.startswith(begin)), "")
