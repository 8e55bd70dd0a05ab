"""Prints a code of ours into the free corners of a form, and finds it on the page that comes back."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from adapters.papers.page_pictures import PagePicture, page_pictures

MODULES = 21
"""Squares across a QR code of version 1, which holds 20 capitals and digits."""
SIDE = 31.5
"""Points: a square is half a millimetre, three dots of a scan of 150 to the inch."""
INSET, QUIET = 20.0, 6.0
"""Points from the page's edge, and what must be white around a code."""
CORNERS = 4
"""Upper left, upper right, lower right, lower left."""
FREE = 245
"""Of 255: the darkest that white paper is shown."""
SHOWN = 800
MARK = re.compile(r"CW([A-Z2-7]{6})([A-Z2-7]{6})([0-9]{2})([0-3])")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
Point = tuple[float, float]


@dataclass(frozen=True)
class FormCode:
    """Names a matter and one form of it."""

    matter: str
    form: str

    @classmethod
    def of(cls, matter: str, blank: bytes) -> FormCode:
        """matter: what tells it from every other, in whatever office."""
        return cls(_letters(matter.encode()), _letters(blank))

    @classmethod
    def read(cls, text: str) -> FormCode:
        return cls(text[:6], text[6:])

    def __str__(self) -> str:
        return self.matter + self.form


@dataclass(frozen=True)
class FoundMark:
    """A code on a page that came back: whose, of which page (from 1), and its corners there, in dots."""

    code: FormCode
    page: int
    corner: int
    at: tuple[Point, Point, Point, Point]


def _letters(content: bytes) -> str:
    number = int.from_bytes(sha256(content).digest()[:4], "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(6))


def places(width: float, height: float) -> list[tuple[Point, Point, Point, Point]]:
    """The corners of each code on a page of this size, in points from its upper left corner."""
    near, right, low = INSET, width - INSET - SIDE, height - INSET - SIDE
    return [
        ((x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE))
        for x, y in ((near, near), (right, near), (right, low), (near, low))
    ]


def marked(blank: bytes, code: FormCode) -> bytes | None:
    """The form with the code in each corner that is free; None where some page has none free."""
    from pypdf import PdfReader, PdfWriter

    pictures = page_pictures(blank, SHOWN)
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(blank)).pages:
        writer.add_page(page)
    for number, (page, picture) in enumerate(zip(writer.pages, pictures, strict=True), 1):
        if page.rotation:
            page.transfer_rotation_to_content()
        free = _free(picture)
        if not free:
            return None
        page.merge_page(_overlay(page, code, number, free))
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def found(picture: Any) -> list[FoundMark]:
    """Our codes on a page, however it lies."""
    import zxingcpp

    seen = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    marks = []
    for one in seen:
        if said := MARK.fullmatch(one.text):
            where = one.position
            corners = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
            first, second, third, fourth = ((float(corner.x), float(corner.y)) for corner in corners)
            code = FormCode(said[1], said[2])
            marks.append(FoundMark(code, int(said[3]), int(said[4]), (first, second, third, fourth)))
    return marks


def _free(page: PagePicture) -> Sequence[int]:
    scale = page.picture.width / page.width
    grey, free = page.picture.convert("L"), []
    for corner, (first, _, third, _) in enumerate(places(page.width, page.height)):
        box = (first[0] - QUIET, first[1] - QUIET, third[0] + QUIET, third[1] + QUIET)
        if grey.crop(tuple(round(side * scale) for side in box)).getextrema()[0] >= FREE:
            free.append(corner)
    return free


def _overlay(page: Any, code: FormCode, number: int, corners: Sequence[int]) -> Any:
    from fpdf import FPDF
    from pypdf import PdfReader

    width, height = float(page.mediabox.width), float(page.mediabox.height)
    sheet = FPDF(unit="pt", format=(width, height))
    sheet.set_margin(0)
    sheet.set_auto_page_break(False)
    sheet.add_page()
    sheet.set_fill_color(0)
    for corner in corners:
        (left, top), *_ = places(width, height)[corner]
        for row, squares in enumerate(_squares(f"CW{code}{number:02d}{corner}")):
            for column in squares:
                step = SIDE / MODULES
                sheet.rect(left + column * step, top + row * step, step, step, style="F")
    return PdfReader(io.BytesIO(bytes(sheet.output()))).pages[0]


def _squares(text: str) -> list[list[int]]:
    """The dark squares of each row."""
    import numpy
    import zxingcpp

    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dark = numpy.asarray(barcode.to_image(scale=1, add_quiet_zones=False)) < 128
    return [[column for column in range(MODULES) if row[column]] for row in dark]
