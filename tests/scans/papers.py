"""Agreements and permissions that come back, written and scanned, and what is right of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from adapters.papers.page_pictures import page_pictures
from adapters.papers.paper_look import look_at_paper
from states.copyright.demonstration.papers import agreement, authorisation, page_of
from tests.scans.kinds import BAD, DOUBTFUL, GOOD, ONLY, signed
from tests.scans.matters import Matter, matter
from tests.scans.taking import WAYS

WRITTEN = "written"
"""The way of a paper that nobody scanned: its text can be read."""


@dataclass(frozen=True)
class PaperKind:
    """asked: as what it is handed in. make: the paper as a PDF; right: of the written one, and of a scan of it."""

    asked: str
    make: Callable[[Matter, Random], bytes]
    right: frozenset[str]
    scanned: frozenset[str] = ONLY({DOUBTFUL})


def _names(made: Matter) -> list[str]:
    return [name for name, _ in made.owners]


def _agreement(made: Matter, random: Random) -> bytes:
    return agreement(made.title, _names(made))


def _permission(made: Matter, random: Random) -> bytes:
    return authorisation(_names(made)[0], made.title)


def _seal_page(made: Matter, random: Random) -> bytes:
    """Its blank: the sheets are signed where it is scanned."""
    return made.blank


PAPERS: Mapping[str, PaperKind] = {
    "agreement": PaperKind("agreement", _agreement, ONLY({GOOD})),
    "agreement, unsigned": PaperKind(
        "agreement", lambda made, random: page_of([f"合作协议：{made.title}", *_names(made)]), ONLY({DOUBTFUL})
    ),
    "agreement of another": PaperKind(
        "agreement", lambda made, random: agreement(matter(random).title + "二期", _names(made)), ONLY({DOUBTFUL})
    ),
    "agreement: seal page": PaperKind("agreement", _seal_page, ONLY({BAD}), ONLY({BAD, DOUBTFUL})),
    "agreement: empty": PaperKind("agreement", lambda made, random: page_of([" "]), ONLY({BAD}), ONLY({BAD, DOUBTFUL})),
    "permission": PaperKind("permission", _permission, ONLY({GOOD})),
    "permission of another": PaperKind(
        "permission", lambda made, random: authorisation("某人", made.title), ONLY({DOUBTFUL})
    ),
    "permission: agreement": PaperKind("permission", _agreement, ONLY({DOUBTFUL})),
    "permission: seal page": PaperKind("permission", _seal_page, ONLY({BAD}), ONLY({BAD, DOUBTFUL})),
}
"""By kind; before the colon as what it is handed in, after it what it is."""


def right_of(kind: str, way: str) -> frozenset[str]:
    return PAPERS[kind].right if way == WRITTEN else PAPERS[kind].scanned


def paper_looked_at(kind: str, way: str, seed: int) -> dict[str, Any]:
    """The same each time. Of a permission only its first owner is asked for."""
    random = Random(f"{kind} {way} {seed}")
    made, of = matter(random), PAPERS[kind]
    names = _names(made)[: 1 if of.asked == "permission" else None]
    about = {"kind": of.asked, "title": made.title, "names": dict(enumerate(names))}
    return look_at_paper([_taken(made, of, way, seed, random)], about)


def _taken(made: Matter, of: PaperKind, way: str, seed: int, random: Random) -> bytes:
    if way == WRITTEN:
        return of.make(made, random)
    take, resolutions = WAYS[way]
    inch = resolutions[seed % len(resolutions)]
    if of.make is _seal_page:
        pages = [one.page for one in signed(made, inch / 72, random)]
    else:
        pages = [one.picture for one in page_pictures(of.make(made, random), round(842 * inch / 72))]
    return take(pages, inch / 72, random)
