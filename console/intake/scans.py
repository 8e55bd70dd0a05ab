"""Whether a file that somebody hands in is what it is to be: a PDF of some pages, or a picture of a signature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console.intake.problems import visible
from console.terminal.complaints import USAGE, Complaint, Stopped
from console.wording.texts import Texts
from workflow.documents import CAP

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
BEGINS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
KINDS = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG"}
MOST_PAGES = 60
LEAST_SIDE, MOST_SIDE = 40, 6000
"""Pixels: below it nobody can read a signature, above it no form takes it."""


@dataclass(frozen=True)
class Scan:
    """A file that was looked into; pages counts those of a PDF."""

    name: str
    content: bytes
    media_type: str
    pages: int = 1


def pdf_of(files: Sequence[Path], texts: Texts) -> Scan:
    """The pages of these PDFs in their order. Raises Stopped with the file and its cure, OSError."""
    scans = [_pdf(file, texts) for file in files]
    whole = scans[0] if len(scans) == 1 else _joined(scans)
    if whole.pages > MOST_PAGES:
        raise _unfit(texts, "pages", whole.name, n=whole.pages, most=MOST_PAGES)
    if len(whole.content) > CAP:
        raise _unfit(texts, "large", whole.name, n=len(whole.content), most=CAP)
    return whole


def picture_of(file: Path, texts: Texts) -> Scan:
    """A signature as a PNG or JPEG. Raises Stopped, OSError."""
    from PIL import Image, UnidentifiedImageError

    content = _read(file, texts)
    media_type = _type(content)
    if media_type not in (PNG, JPEG):
        raise _unfit(texts, "type", file.name, found=KINDS.get(media_type, "?"), wanted="PNG, JPEG")
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.verify()
            sides = picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _unfit(texts, "damaged", file.name, why=str(error)) from error
    if min(sides) < LEAST_SIDE or max(sides) > MOST_SIDE:
        raise _unfit(texts, "sides", file.name, found=f"{sides[0]}×{sides[1]}", least=LEAST_SIDE, most=MOST_SIDE)
    return Scan(_named(file), content, media_type)


def pages_in(content: bytes) -> int:
    """Of a PDF that was taken in before."""
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(content)).pages)


def _pdf(file: Path, texts: Texts) -> Scan:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    content = _read(file, texts)
    if _type(content) != PDF:
        raise _unfit(texts, "type", file.name, found=KINDS.get(_type(content), "?"), wanted="PDF")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise _unfit(texts, "encrypted", file.name)
        pages = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unfit(texts, "damaged", file.name, why=str(error)) from error
    if not pages:
        raise _unfit(texts, "no_pages", file.name)
    return Scan(_named(file), content, PDF, pages)


def _joined(scans: Sequence[Scan]) -> Scan:
    from pypdf import PdfWriter

    writer, whole = PdfWriter(), io.BytesIO()
    for scan in scans:
        writer.append(io.BytesIO(scan.content))
    writer.write(whole)
    return Scan(scans[0].name, whole.getvalue(), PDF, sum(scan.pages for scan in scans))


def _read(file: Path, texts: Texts) -> bytes:
    size = file.stat().st_size
    if size > CAP:
        raise _unfit(texts, "large", file.name, n=size, most=CAP)
    content = file.read_bytes()
    if not content:
        raise _unfit(texts, "empty", file.name)
    return content


def _type(content: bytes) -> str:
    return next((kind for begin, kind in BEGINS.items() if content.startswith(begin)), "")


def _named(file: Path) -> str:
    return visible(file.name.encode("utf-8", "replace").decode())[:200].strip() or "file"


def _unfit(texts: Texts, wrong: str, name: str, **parts: object) -> Stopped:
    cause = texts(f"error.scan.{wrong}", name=visible(name), **parts)
    return Stopped(Complaint("unfit_file", cause, texts(f"cure.scan.{wrong}"), USAGE))
