"""Looks at a paper of which no form is known: whether it is empty, another kind of paper, about whom, and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.papers.alignment import darkness
from adapters.papers.form_marks import found
from adapters.papers.page_pictures import page_pictures
from adapters.papers.pdf_text import TITLE, lacking_in
from adapters.papers.returned_form import BAD, DOUBTFUL, EMPTY, PRINT, SIGNED, Finding, verdict

DOTS_ALONG = 1170
"""Of a page's longer side: 100 to the inch of an A4 page."""
COLOURED = 70
"""Of 255, between a dot's strongest colour and its weakest: printed text is grey, seals and most pens are not."""


def look_at_paper(contents: Sequence[bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict and its findings. about: title, which a paper that can be read must name; signed: it must be."""
    (paper,) = contents
    return verdict(list(_findings(paper, about)))


def _findings(paper: bytes, about: Mapping[str, Any]) -> Iterator[Finding]:
    coloured = 0.0
    for place, page in enumerate(page_pictures(paper, DOTS_ALONG), 1):
        if found(page.picture):
            yield Finding(BAD, "is_form", {"page": place})
            return
        if (darkness(page.picture) > PRINT).mean() < EMPTY:
            yield Finding(BAD, "empty_page", {"page": place})
        coloured += _coloured(page.picture) * (max(page.width, page.height) / DOTS_ALONG) ** 2
    if lacking_in(paper, {TITLE: about["title"]}):
        yield Finding(DOUBTFUL, "no_title")
    if about["signed"] and coloured < SIGNED:
        yield Finding(DOUBTFUL, "no_colour")


def _coloured(picture: Any) -> float:
    """Dots in colour, other than a tint of the whole page."""
    import numpy

    shown = numpy.asarray(picture, dtype=numpy.int16)
    tint = numpy.median(shown[::8, ::8].reshape(-1, 3), axis=0).astype(numpy.int16)
    plain = shown - tint
    return float(((plain.max(axis=2) - plain.min(axis=2)) > COLOURED).sum())
