"""The papers that the cast hands in: a signature, a dated authorisation, a sealed page, an agreement."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from hashlib import sha256

from fpdf import FPDF
from PIL import Image, ImageDraw
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

A4 = (595.0, 842.0)
SEAL_HERE = "签章："
"""The bureau's words before the space of each owner."""
LETTERS = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
end
end"""
"""Each letter is its own number in Unicode."""


def signature(name: str) -> bytes:
    """A flowing line of this person's own, as a PNG on white."""
    seed = sha256(name.encode()).digest()
    picture = Image.new("RGB", (480, 120), "white")
    pen = ImageDraw.Draw(picture)
    points = [
        (
            20 + step * 2.2,
            60
            + 26 * math.sin(step / (7 + seed[0] % 6)) * math.cos(step / (11 + seed[1] % 9))
            + 14 * math.sin(step / (3 + seed[2] % 4)),
        )
        for step in range(200)
    ]
    pen.line(points, fill=(20, 24, 70), width=4, joint="curve")
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()


def authorisation(name: str, title: str) -> bytes:
    """With its owner's thumbprint in red."""
    return page_of([f"授权书 Authorisation: {name}", f"本人签名可用于软件著作权登记：{title}"], 1)


def attorney(applicant: str, agent: str, title: str) -> bytes:
    """With the applicant's seal."""
    return page_of([f"委托书 Power of attorney: {applicant}", f"委托{agent}办理软件著作权登记：{title}"], 1)


def agreement(title: str, names: Sequence[str]) -> bytes:
    return page_of([f"合作协议 Cooperation agreement: {title}", *(f"甲乙各方：{name}" for name in names)], len(names))


def sealed(blank: bytes, names: Sequence[str]) -> bytes:
    """The bureau's blank page with a round red seal over each owner's line, of as many owners as are named."""
    over = _sheets()
    writer = PdfWriter(clone_from=io.BytesIO(blank))
    left = len(names)
    for page in writer.pages:
        over.add_page()
        lines = _signing_lines(page)[:left]
        left -= len(lines)
        for line in lines:
            top = A4[1] - line - 58
            over.ellipse(330, top, 56, 56)
            over.ellipse(350, top + 20, 16, 16)
    stamps = PdfReader(io.BytesIO(bytes(over.output()))).pages
    for page, stamp in zip(writer.pages, stamps, strict=True):
        page.merge_page(stamp)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def _signing_lines(page: PageObject) -> list[float]:
    """The heights of the lines that ask for a seal, from the top of the page down, in points."""
    found: list[float] = []

    def seen(text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        if text.strip().endswith(SEAL_HERE):
            found.append(float(cm[3]) * float(tm[5]) + float(cm[5]))

    page.extract_text(visitor_text=seen)
    return found


def _sheets() -> FPDF:
    """Red ink on pages to lay over others."""
    over = FPDF(unit="pt", format=A4)
    over.set_auto_page_break(False)
    over.set_draw_color(200, 20, 30)
    over.set_line_width(3)
    return over


def page_of(lines: Sequence[str], seals: int = 0) -> bytes:
    """A page of these lines, with red seals at its foot: a PDF."""
    writer = PdfWriter()
    page = writer.add_blank_page(*A4)
    fonts = DictionaryObject({NameObject("/F1"): _font(writer)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    drawn = [
        f"BT /F1 14 Tf 72 {760 - 24 * place} Td <{line.encode('utf-16-be').hex()}> Tj ET"
        for place, line in enumerate(lines)
    ]
    content.set_data("\n".join(drawn).encode())
    page[NameObject("/Contents")] = writer._add_object(content)
    over = _sheets()
    over.add_page()
    for place in range(seals):
        over.ellipse(72 + 90 * (place % 5), 500 + 90 * (place // 5), 56, 56)
        over.ellipse(92 + 90 * (place % 5), 520 + 90 * (place // 5), 16, 16)
    page.merge_page(PdfReader(io.BytesIO(bytes(over.output()))).pages[0])
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def _font(writer: PdfWriter) -> IndirectObject:
    """STSong, a font with Chinese that every reader brings along."""
    letters = DecodedStreamObject()
    letters.set_data(LETTERS)
    known = writer._add_object(letters)
    described = {"/Type": "/Font", "/Subtype": "/CIDFontType0", "/BaseFont": "/STSong-Light"}
    below = DictionaryObject({NameObject(name): NameObject(value) for name, value in described.items()})
    collection = {"/Registry": TextStringObject("Adobe"), "/Ordering": TextStringObject("GB1")}
    below[NameObject("/CIDSystemInfo")] = DictionaryObject(
        {NameObject(name): value for name, value in collection.items()} | {NameObject("/Supplement"): NumberObject(5)}
    )
    below[NameObject("/DW")] = NumberObject(1000)
    above = {"/Type": "/Font", "/Subtype": "/Type0", "/BaseFont": "/STSong-Light", "/Encoding": "/UniGB-UTF16-H"}
    font = DictionaryObject({NameObject(name): NameObject(value) for name, value in above.items()})
    font[NameObject("/DescendantFonts")] = ArrayObject([writer._add_object(below)])
    font[NameObject("/ToUnicode")] = known
    return writer._add_object(font)
