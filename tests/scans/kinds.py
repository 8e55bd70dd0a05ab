"""What may come back as a seal page, and what is right of each: taken, doubtful or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from PIL import Image

from adapters.bureau.seal_look import look_at_seal_page, signing_lines
from adapters.papers.page_pictures import page_pictures
from states.copyright.demonstration.papers import agreement, page_of
from tests.scans.hands import BLACK, BLUE, RED, Sheet
from tests.scans.matters import Matter, matter, twin
from tests.scans.taking import WAYS

GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"
FIRST = 300.0
"""Points from the left at which people begin to sign."""


def sheets(made: Matter, dots: float) -> list[Sheet]:
    return [Sheet(one.picture, dots) for one in page_pictures(made.blank, round(842 * dots))]


def signed(
    made: Matter,
    dots: float,
    random: Random,
    *,
    leave: Sequence[int] = (),
    away: Sequence[int] = (),
    **seal: Any,
) -> list[Sheet]:
    """leave, away: places of owners who do not sign, or sign where nothing is to be signed. seal: how firms seal."""
    pages = sheets(made, dots)
    for place, line in enumerate(signing_lines(made.blank, made.about["owners"])):
        if place in leave:
            continue
        page, x = pages[line.page - 1], FIRST + random.uniform(0, 60)
        y = (line.top + line.bottom) / 2 + random.uniform(-12, 12)
        if place in away:
            x, y = random.uniform(120, 420), random.uniform(700, 740)
        if line.sealed:
            page.seal(x + 60, y, random, **seal)
        else:
            page.signature(x, y, random)
    return pages


def all_signed(made: Matter, dots: float, random: Random) -> list[Sheet]:
    return signed(made, dots, random)


def nobody_signed(made: Matter, dots: float, random: Random) -> list[Sheet]:
    return sheets(made, dots)


def one_left_out(made: Matter, dots: float, random: Random) -> list[Sheet]:
    return signed(made, dots, random, leave=[random.randrange(len(made.owners))])


def wrong_place(made: Matter, dots: float, random: Random) -> list[Sheet]:
    return signed(made, dots, random, away=range(len(made.owners)))


def other_matters(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """The page of another matter with as many owners."""
    other = matter(random, coded=made.code is not None, owners=len(made.owners))
    return signed(other, dots, random)


def twins(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """The page of another matter of the same name, version and owners."""
    return signed(twin(made), dots, random)


def small_seals(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Of 18 to 22 millimetres, as departments and representatives have them."""
    return signed(made, dots, random, across=random.uniform(51, 62))


def faint_seals(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Hardly any ink was left."""
    return signed(made, dots, random, firm=random.uniform(0.22, 0.4))


def other_inks(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Blue and black seals, as copies and old pads make them."""
    return signed(made, dots, random, inks=random.choice((BLUE, BLACK)))


def page_missing(made: Matter, dots: float, random: Random) -> list[Sheet]:
    return signed(made, dots, random)[:1]


def other_text(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """The form's page full of other text, and sealed."""
    lines = [f"{made.title}: {line}. 本协议一式两份，双方各执一份，具有同等效力。" for line in range(26)]
    (paper,) = page_pictures(page_of(lines), round(842 * dots))
    pages = [Sheet(paper.picture.copy(), dots) for _ in sheets(made, dots)]
    for page in pages:
        page.seal(380, 640, random, inks=RED)
    return pages


def no_seal(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Only signatures, also where a firm must seal."""
    pages = sheets(made, dots)
    for line in signing_lines(made.blank, made.about["owners"]):
        pages[line.page - 1].signature(FIRST, (line.top + line.bottom) / 2, random, long=90)
    return pages


def empty(made: Matter, dots: float, random: Random) -> list[Sheet]:
    return [Sheet(Image.new("RGB", one.page.size, "white"), dots) for one in sheets(made, dots)]


def another_paper(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """A cooperation agreement with red seals."""
    names = [name for name, _ in made.owners]
    (paper,) = page_pictures(agreement(made.title, names), round(842 * dots))
    return [Sheet(paper.picture, dots) for _ in sheets(made, dots)]


def noted_beside(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Nobody signed on a line; something small was written at the foot, as a date or initials are."""
    pages = sheets(made, dots)
    pages[-1].signature(random.uniform(90, 300), random.uniform(735, 760), random, long=24)
    return pages


def low_rows(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Rows lower than the seals that stand on them."""
    return signed(made, dots, random)


def back_to_front(made: Matter, dots: float, random: Random) -> list[Sheet]:
    """Scanned from the back of the pile, with paper over the corners."""
    pages = signed(made, dots, random)
    for page in pages:
        page.covered()
    return pages[::-1]


@dataclass(frozen=True)
class Kind:
    """make: the sheets; right: the verdicts that are right.

    firms: all owners are; owners: how many, 0 for any; places: of their lines, where not as usual.
    """

    make: Callable[[Matter, float, Random], list[Sheet]]
    right: frozenset[str]
    firms: bool = False
    owners: int = 0
    places: Sequence[tuple[int, int]] | None = None


ONLY = frozenset
KINDS: Mapping[str, Kind] = {
    "all signed": Kind(all_signed, ONLY({GOOD})),
    "small seals": Kind(small_seals, ONLY({GOOD}), firms=True),
    "faint seals": Kind(faint_seals, ONLY({GOOD, DOUBTFUL}), firms=True),
    "blue, black seals": Kind(other_inks, ONLY({GOOD}), firms=True),
    "nobody signed": Kind(nobody_signed, ONLY({BAD})),
    "one left out": Kind(one_left_out, ONLY({BAD})),
    "wrong place": Kind(wrong_place, ONLY({DOUBTFUL})),
    "another matter's": Kind(other_matters, ONLY({BAD})),
    "twin matter's": Kind(twins, ONLY({BAD})),
    "page missing": Kind(page_missing, ONLY({BAD}), owners=7),
    "other text": Kind(other_text, ONLY({DOUBTFUL})),
    "signed for sealed": Kind(no_seal, ONLY({DOUBTFUL}), firms=True),
    "empty": Kind(empty, ONLY({BAD})),
    "another paper": Kind(another_paper, ONLY({DOUBTFUL})),
    "noted beside": Kind(noted_beside, ONLY({DOUBTFUL})),
    "low rows": Kind(low_rows, ONLY({DOUBTFUL}), owners=3, firms=True, places=((72, 640), (72, 600), (72, 560))),
    "two columns": Kind(all_signed, ONLY({DOUBTFUL}), owners=2, places=((50, 560), (300, 560))),
    "back to front": Kind(back_to_front, ONLY({DOUBTFUL}), owners=7),
}


@dataclass(frozen=True)
class Scan:
    kind: str
    way: str
    dots: int
    coded: bool
    matter: Matter
    pdf: bytes

    def looked_at(self) -> dict[str, Any]:
        return look_at_seal_page([self.pdf, self.matter.blank], self.matter.about)


def scan(kind: str, way: str, seed: int, *, coded: bool = True) -> Scan:
    """The same each time for a kind, a way and a seed."""
    random = Random(f"{kind} {way} {seed} {coded}")
    of = KINDS[kind]
    made = matter(random, coded=coded, owners=of.owners, firms_alone=of.firms, places=of.places)
    take, resolutions = WAYS[way]
    inch = resolutions[seed % len(resolutions)]
    pages = KINDS[kind].make(made, inch / 72, random)
    return Scan(kind, way, inch, coded, made, take([one.page for one in pages], inch / 72, random))
