"""The papers that the cast hands in: a signature, a dated authorisation, a sealed page, an agreement."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from hashlib import sha256

from fpdf import FPDF
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter

A4 = (595.0, 842.0)


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
    return _page([f"Authorisation of {_ascii(name)}", f"My signature may be set under the filing {_ascii(title)}."])


def agreement(title: str, names: Sequence[str]) -> bytes:
    return _page([f"Cooperation agreement on {_ascii(title)}", *(f"Party: {_ascii(name)}" for name in names)])


def sealed(blank: bytes, names: Sequence[str]) -> bytes:
    """The bureau's blank page with a round red seal over each owner's line."""
    over = FPDF(unit="pt", format=A4)
    over.set_auto_page_break(False)
    over.set_draw_color(200, 20, 30)
    over.set_line_width(3)
    writer = PdfWriter(clone_from=io.BytesIO(blank))
    for number in range(len(writer.pages)):
        over.add_page()
        for line in range(min(6, len(names) - 6 * number)):
            top = A4[1] - (620 - 80 * line) - 58
            over.ellipse(330, top, 56, 56)
            over.ellipse(350, top + 20, 16, 16)
    stamps = PdfReader(io.BytesIO(bytes(over.output()))).pages
    for page, stamp in zip(writer.pages, stamps, strict=True):
        page.merge_page(stamp)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def _page(lines: Sequence[str]) -> bytes:
    paper = FPDF(unit="pt", format=A4)
    paper.add_page()
    paper.set_font("helvetica", size=14)
    for line in lines:
        paper.multi_cell(0, 24, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def _ascii(text: str) -> str:
    """The core fonts have no Chinese; the paper's words matter to nobody but a reader of the demonstration."""
    return text.encode("ascii", "backslashreplace").decode()
