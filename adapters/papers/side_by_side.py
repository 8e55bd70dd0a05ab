"""Lays a paper that came back beside the form that it is to be made from, page by page, for a person who compares."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from adapters.papers.page_pictures import page_pictures

LONG_SIDE = 1400
"""Pixels of a page's longer side: print and strokes are read on a screen."""
GAP = 24
INCH = 120
"""Pixels of the sheet to an inch."""
QUALITY = 85


def side_by_side(papers: Sequence[bytes]) -> bytes:
    """A PDF with a sheet for each page: one paper or two, each PDF. A page that the other lacks stands alone."""
    shown = [[one.picture for one in page_pictures(paper, LONG_SIDE)] for paper in papers]
    sheets = [_sheet(row) for row in zip_longest(*shown)]
    held = io.BytesIO()
    sheets[0].save(held, "PDF", save_all=True, append_images=sheets[1:], resolution=INCH, quality=QUALITY)
    return held.getvalue()


def _sheet(pages: Sequence[Any]) -> Any:
    from PIL import Image

    there = [one for one in pages if one is not None]
    width, height = max(one.width for one in there), max(one.height for one in there)
    sheet = Image.new("RGB", ((width + GAP) * len(pages) - GAP, height), "grey")
    for place, page in enumerate(pages):
        if page is not None:
            sheet.paste(page, (place * (width + GAP), 0))
    return sheet
