"""Whether a file that somebody hands in is what it is to be: a PDF of some pages, or a picture of a signature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from adapters.papers.pdf_head import begins_as_pdf, from_head
from caseward.console.intake import apart
from caseward.console.intake.kinds import kind_of
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.text.visible import visible
from caseward.console.wording.texts import Texts
from workflow.files.plain import Unfit, read_plain
from workflow.intake.gives import File
from workflow.store.documents import CAP

PDF = "application/pdf"
BUREAU_TAKES = 10 * 1024 * 1024
"""Bytes of a paper that goes to the bureau."""
MOST_FILES = 60
PICTURES = ("PNG", "JPEG", "HEIC")
"""As scanners and telephones take them."""


def pdf_of(files: Sequence[Path], texts: Texts, most: int = BUREAU_TAKES) -> File:
    """The pages of these PDFs and pictures in their order. Raises Stopped with the file and its cure, OSError."""
    contents: list[bytes] = []
    for file in files[: MOST_FILES + 1]:
        try:
            contents.append(_pdf(file, most))
        except Unfit as unfit:
            raise unfit_file(texts, file.name, unfit) from unfit
    try:
        if len(files) > MOST_FILES:
            raise Unfit("pages", n=len(files), most=MOST_FILES)
        content, pages = apart.paper_of(contents)
        if len(content) > most:
            raise Unfit("large", n=len(content), most=most)
    except Unfit as unfit:
        raise unfit_file(texts, ", ".join(file.name for file in files[:3]), unfit) from unfit
    name = _named(files[0])
    return File(name if begins_as_pdf(contents[0]) else f"{name.rpartition('.')[0] or name}.pdf", content, PDF, pages)


def picture_of(file: Path, texts: Texts) -> File:
    """A signature, upright, as a PNG or JPEG. Raises Stopped, OSError."""
    try:
        content = read_plain(file, CAP)
        if (kind := kind_of(content)) not in PICTURES:
            raise Unfit("type", found=kind or "?", wanted=", ".join(PICTURES))
        return File(_named(file), *apart.picture_of(content))
    except Unfit as unfit:
        raise unfit_file(texts, file.name, unfit) from unfit


def pages_in(content: bytes) -> int | None:
    """Of a PDF that came from the bureau; None where nobody can tell."""
    from pypdf import PdfReader

    try:
        return len(PdfReader(io.BytesIO(from_head(content) or b"")).pages)
    except Exception:  # noqa: BLE001 - whatever a library makes of it, its pages cannot be counted
        return None


def unfit_file(texts: Texts, name: str, unfit: Unfit) -> Stopped:
    """What is wrong with a file, with its name and its cure."""
    parts = dict(unfit.parts)
    if unfit.wrong == "not_plain":
        parts["kind"] = texts(f"file.{parts['kind']}")
    if "why" in parts:
        parts["why"] = visible(str(parts["why"]))
    cure = f"cure.scan.{unfit.wrong}"
    if unfit.wrong == "type" and f"{cure}.{parts['found']}" in texts:
        cure = f"{cure}.{parts['found']}"
    cause = texts(f"error.scan.{unfit.wrong}", name=visible(name), **parts)
    return Stopped(Complaint("unfit_file", cause, texts(cure), USAGE))


def _pdf(file: Path, left: int) -> bytes:
    content = read_plain(file, left)
    if not begins_as_pdf(content) and (kind := kind_of(content)) not in PICTURES:
        raise Unfit("type", found=kind or "?", wanted=", ".join(("PDF", *PICTURES)))
    return content


def _named(file: Path) -> str:
    return visible(file.name.encode("utf-8", "replace").decode())[:200].strip() or "file"
