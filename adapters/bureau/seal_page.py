"""Signs the bureau's blank seal page with the owners' signature specimens, in the order of the owners."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from adapters.names import Spelling
from adapters.papers.form_marks import FormCode, marked
from adapters.papers.pdf_head import from_head
from adapters.papers.pdf_text import TITLE, VERSION, lacking_in
from adapters.papers.pictures import upright
from workflow.errors import Drifted, Refused, RemoteError
from workflow.sentence import Sentence

if TYPE_CHECKING:
    from pypdf import PageObject

ADAPTER, STEP = "seal_page", "sign"
SIGN_HERE = "签章："
"""The bureau's words before the space, on the line of the name, or below one that needs lines of its own."""
SPACE_FROM = 260.0
"""Where the bureau's page leaves room for a signature, in points from the left."""


@dataclass(frozen=True)
class SignatureLine:
    """An owner's line on the seal page: his specimen and the day on which he allowed its use for this filing."""

    name: str
    specimen: bytes = field(repr=False)
    """PNG."""
    authorised_on: date | None


class SealPages(Protocol):
    async def sign(self, blank: bytes, lines: Sequence[SignatureLine], software: Spelling) -> bytes:
        """The signed page (PDF) of this software; Refused when a line has no authorisation: that would be a forgery."""

    async def mark(self, blank: bytes, matter: str) -> tuple[str | None, bytes]:
        """Our code and the blank that bears it; no code, and the blank as it is, where its corners are not free."""


@dataclass(frozen=True)
class Box:
    """Where a signature goes, in points from the lower left corner."""

    page: int
    x: float
    y: float
    width: float = 240.0
    height: float = 60.0


class PdfSealPages:
    """Lays specimens over the blank page beside the owners' names, wherever the page has them."""

    async def sign(self, blank: bytes, lines: Sequence[SignatureLine], software: Spelling) -> bytes:
        for line in lines:
            if line.authorised_on is None:
                why = Sentence("not_authorised", "{name} has not authorised the use of the specimen", name=line.name)
                raise Refused(ADAPTER, STEP, why)
        return await asyncio.to_thread(_sign, blank, lines, software)

    async def mark(self, blank: bytes, matter: str) -> tuple[str | None, bytes]:
        code = FormCode.of(matter, blank)
        try:
            form = await asyncio.to_thread(marked, from_head(blank) or b"", code)
        except ImportError:
            raise  # a library of ours that is not there is no fault of the page
        except Exception as error:  # whatever a library makes of it: this page cannot be printed
            raise _unreadable(error) from error
        return (None, blank) if form is None else (str(code), form)


def _sign(blank: bytes, lines: Sequence[SignatureLine], software: Spelling) -> bytes:
    # read when a page is signed: every command line reads this module, and the libraries take half a second
    from pypdf import PdfReader, PdfWriter

    specimens = [_upright(line) for line in lines]
    # an authorisation is one for this filing: set under another's page, the specimen would be a forgery
    if wrong := lacking_in(blank, {TITLE: software.title, VERSION: software.version}):
        told = ", ".join(str(getattr(software, name)) for name in wrong)
        raise Drifted(
            ADAPTER,
            STEP,
            Sentence(
                "blank_of_another",
                "the blank page is of another filing: it does not name {lacking}",
                lacking=told,
            ),
        )
    try:
        out = PdfWriter()
        for page in PdfReader(BytesIO(from_head(blank) or b"")).pages:
            out.add_page(page)  # the pages alone: nothing that the document would do by itself
        for page in out.pages:
            if page.rotation:
                page.transfer_rotation_to_content()  # a page is signed as people see it
        boxes = boxes_beside(out.pages, [line.name for line in lines])
        overlays = [
            _overlay(page, [(box, one) for box, one in zip(boxes, specimens, strict=True) if box.page == number])
            for number, page in enumerate(out.pages)
        ]
        for page, overlay in zip(out.pages, overlays, strict=True):
            page.merge_page(overlay)
        signed = BytesIO()
        out.write(signed)
    except RemoteError:
        raise
    except Exception as error:  # whatever a library makes of it: this page cannot be signed
        raise _unreadable(error) from error
    return signed.getvalue()


def _unreadable(error: Exception) -> Drifted:
    why = Sentence(
        "blank_unreadable",
        "the blank page is no PDF that can be read: {why}",
        why=f"{type(error).__name__}: {error}",
    )
    return Drifted(ADAPTER, STEP, why)


def _upright(line: SignatureLine) -> bytes:
    """The specimen as people see it, also one that was taken in before this was looked at."""
    try:
        return upright(line.specimen)[0]
    except Exception as error:  # whatever a library makes of it: it is no picture
        why = Sentence("specimen_no_image", "the specimen of {name} is no image: {why}", name=line.name, why=str(error))
        raise Refused(ADAPTER, STEP, why) from error


def boxes_beside(pages: Sequence[PageObject], names: Sequence[str]) -> list[Box]:
    """The place beside each name, which must stand on the page with its number, in the order of the owners."""
    texts: list[tuple[int, float, float, str]] = []  # page, x, y
    for number, page in enumerate(pages):

        def seen(
            text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float, number: int = number
        ) -> None:
            if text.strip():
                x, y = float(tm[4]), float(tm[5])
                a, b, c, d, e, f = map(float, cm)
                texts.append((number, a * x + c * y + e, b * x + d * y + f, text.strip()))

        page.extract_text(visitor_text=seen)
    boxes = []
    for place, name in enumerate(names, 1):
        found = [line for at in range(len(texts)) if (line := _line_of(texts[at:], f"{place}. {name}")) is not None]
        if len(found) != 1:
            raise Drifted(
                ADAPTER,
                STEP,
                Sentence(
                    "blank_lines",
                    "the blank page has {n} lines for {place}. {name}",
                    n=len(found),
                    place=place,
                    name=name,
                ),
            )
        boxes.append(Box(page=found[0][0], x=SPACE_FROM, y=found[0][1]))
    return boxes


def _line_of(texts: Sequence[tuple[int, float, float, str]], name: str) -> tuple[int, float] | None:
    """Page and height of the line to sign on, if a name begins here; one of several lines has its own below them."""
    meant, read = "".join(name.split()), ""
    for place, (page, _, y, text) in enumerate(texts):
        read += "".join(text.split())
        if page != texts[0][0] or not meant.startswith(read):
            return None
        if read == meant:
            below = texts[place + 1] if place + 1 < len(texts) else None
            return (page, below[2]) if below is not None and below[0] == page and below[3] == SIGN_HERE else (page, y)
    return None


def _overlay(page: PageObject, signatures: Sequence[tuple[Box, bytes]]) -> PageObject:
    from fpdf import FPDF
    from pypdf import PdfReader

    width, height = float(page.mediabox.width), float(page.mediabox.height)
    sheet = FPDF(unit="pt", format=(width, height))
    sheet.set_margin(0)
    sheet.set_auto_page_break(False)
    sheet.add_page()
    for box, specimen in signatures:
        sheet.image(
            BytesIO(specimen),
            x=box.x,
            y=height - box.y - box.height,
            w=box.width,
            h=box.height,
            keep_aspect_ratio=True,
        )
    return PdfReader(BytesIO(bytes(sheet.output()))).pages[0]
