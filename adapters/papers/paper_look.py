"""Looks at a paper of which no form is known: whether it is empty, another kind of paper, about whom, and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.papers.alignment import darkness
from adapters.papers.form_marks import found
from adapters.papers.page_pictures import LONG_SIDE, page_pictures
from adapters.papers.pdf_text import TITLE, kind_said, lacking_in
from adapters.papers.returned_form import BAD, DOUBTFUL, EMPTY, PRINT, SIGNED, Finding, verdict

DOTS_ALONG = 1170
"""Of a page's longer side: 100 to the inch of an A4 page."""
CODED = 4
"""So many pages are looked at more finely for a code of a form: a telephone takes it small and askew."""
COLOURED = 70
"""Of 255, between a dot's strongest colour and its weakest: printed text is grey, seals and most pens are not."""
KINDS: Mapping[str, Sequence[str]] = {
    "agreement": ("协议", "合同", "agreement", "contract"),
    "permission": ("授权", "委托", "authoris", "authoriz", "permission", "power of attorney"),
    "form": ("签章页",),
}
"""The words by which a kind of paper calls itself; the first one counts."""


def look_at_paper(contents: Sequence[bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict and its findings.

    about: kind, of KINDS; title and, by their ids, the names of all whom it may name. Each that it does not name is a
    finding of its own: which of them it must name is the caller's to say. A scan, whose text nobody reads here, is
    doubtful.
    """
    (paper,) = contents
    return verdict(list(_findings(paper, about)))


def _findings(paper: bytes, about: Mapping[str, Any]) -> Iterator[Finding]:
    finely = page_pictures(paper, LONG_SIDE, CODED)
    pages = page_pictures(paper, DOTS_ALONG)
    for place, page in [*enumerate(finely, 1), *enumerate(pages, 1)]:
        if found(page.picture):
            yield Finding(BAD, "is_form", {"page": place})
            return
    coloured = 0.0
    for place, page in enumerate(pages, 1):
        if (darkness(page.picture) > PRINT).mean() < EMPTY:
            yield Finding(BAD, "empty_page", {"page": place})
        coloured += _coloured(page.picture) * (max(page.width, page.height) / DOTS_ALONG) ** 2
    yield from _said(paper, about)
    if coloured < SIGNED:
        yield Finding(DOUBTFUL, "no_colour")


def _said(paper: bytes, about: Mapping[str, Any]) -> Iterator[Finding]:
    """What its text does not say."""
    kind = kind_said(paper, KINDS, about["title"])
    if kind is None:
        yield Finding(DOUBTFUL, "unread")
        return
    if kind != about["kind"]:
        yield Finding(DOUBTFUL, "no_kind")
    if lacking_in(paper, {TITLE: about["title"]}) != ():
        yield Finding(DOUBTFUL, "no_title")
    for owner, name in about["names"].items():
        if lacking_in(paper, {"name": name}) != ():
            yield Finding(DOUBTFUL, "no_owner", {"owner": owner, "name": name})


def _coloured(picture: Any) -> float:
    """Dots in colour, other than a tint of the whole page."""
    import numpy

    shown = numpy.asarray(picture, dtype=numpy.int16)
    tint = numpy.median(shown[::8, ::8].reshape(-1, 3), axis=0).astype(numpy.int16)
    plain = shown - tint
    return float(((plain.max(axis=2) - plain.min(axis=2)) > COLOURED).sum())
