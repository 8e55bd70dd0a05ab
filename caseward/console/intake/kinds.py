"""Which kind of file somebody handed in, by its first bytes: so that the cure fits what it is."""

from __future__ import annotations

from adapters.papers.pdf_head import begins_as_pdf

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


SEARCHED = 16_384
"""Bytes in which a page says what it is: programs write their tables as pages, and name them as their own."""


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
        if b"opendocument." in content[:256]:
            return "ODS" if b"opendocument.spreadsheet" in content[:256] else "ODF"
        return "Excel" if b"xl/" in names else "Word" if b"word/" in names else "zip"
    if found := _in_words(content[:SEARCHED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()):
        return found
    return next((kind for begin, kind in BEGINS.items() if content.startswith(begin)), "")


def is_workbook(content: bytes) -> bool:
    """Whether it is a table as Excel, WPS and others write it since 2007."""
    return content[:4] == b"PK\x03\x04" and kind_of(content) == "Excel"


def _in_words(head: bytes) -> str:
    """What begins with words; head: in small letters. "" for what is not known."""
    if head.startswith(b"mime-version:"):
        return "MHTML"
    if head.startswith(b"<?xml"):
        sheet = b"excel.sheet" in head or b"office:spreadsheet" in head
        return "Excel" if sheet else "HTML" if b"<html" in head else "XML"
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<style")):
        return "HTML table" if b"<table" in head else "HTML"
    return ""
