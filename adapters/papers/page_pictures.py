"""Shows the pages of a PDF as pictures, and makes a page of a picture that a scanner or telephone took."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import Any

from adapters.papers.pdf_head import from_head
from adapters.papers.pictures import upright

LONG_SIDE = 2000
"""Pixels of a page's longer side: about 170 to the inch of an A4 page."""
A4 = (210 / 25.4, 297 / 25.4)
"""Inches."""
QUALITY = 88
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not made for several threads."""


@dataclass(frozen=True)
class PagePicture:
    """A page as people see it, in colour, and its sides in points."""

    picture: Any
    width: float
    height: float


def page_pictures(pdf: bytes, long_side: int = LONG_SIDE, most: int | None = None) -> list[PagePicture]:
    """Each page, or the first ones, with so many dots along its longer side."""
    import pypdfium2

    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(from_head(pdf) or b"")
        try:
            count = len(document) if most is None else min(most, len(document))
            return [_shown(document[place], long_side) for place in range(count)]
        finally:
            document.close()


def _shown(page: Any, long_side: int) -> PagePicture:
    width, height = page.get_size()
    bitmap = page.render(scale=long_side / max(width, height))
    picture = bitmap.to_pil().convert("RGB")
    bitmap.close()
    page.close()
    return PagePicture(picture, width, height)


def page_of_picture(content: bytes) -> bytes:
    """A PDF of one page that shows the picture upright, about as large as A4. Raises Unfit."""
    from PIL import Image

    plain, _ = upright(content)
    with Image.open(io.BytesIO(plain)) as picture:
        shown = Image.new("RGB", picture.size, "white")
        shown.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    short, long = sorted(shown.size)
    held = io.BytesIO()
    shown.save(held, "PDF", resolution=max(short / A4[0], long / A4[1]), quality=QUALITY)
    return held.getvalue()
