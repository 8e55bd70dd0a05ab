"""Looks at a form that came back signed or sealed: whose it is, whole, and whether each line bears ink."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from adapters.papers.added_ink import PALE, Blob, added, blobs
from adapters.papers.alignment import DOTS, SAME, by_points, compared, darkness, laid, nearer, without_code
from adapters.papers.form_marks import FormCode, FoundMark, found, places
from adapters.papers.page_pictures import PagePicture, page_pictures
from adapters.papers.pdf_text import pages_of_other_text, pages_that_say

GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"
SIGNED, TOUCHED = 60.0, 12.0
"""Points of ink: from the first on a line is signed, below the second there is nothing."""
SEAL = 45.0
"""Points across and down that a seal has at least."""
TALL, OVER = 1.6, 0.56
"""Heights of a line that ink of several lines has; share of a line's height that it covers where it is of it."""
CORE = 0.6
"""Share of a line's height, in its middle, where of such ink there must be some."""
ALIKE, UNLIKE = 0.8, 0.45
"""Shares of the form's tiles that a page shows: from the first on it is this form, below the second another paper."""


EMPTY, PRINT = 0.0002, 0.3
"""Share of a page that is at least so dark, where something stands on it."""


@dataclass(frozen=True)
class SigningLine:
    """Where somebody signs: page (from 1), and from which height to which, in points from its upper edge.

    sealed: an institution, which must set its seal.
    """

    name: str
    page: int
    top: float
    bottom: float
    sealed: bool = False

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or doubtful. code: for programs; the parts say where and what."""

    verdict: str
    code: str
    parts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Laid:
    """A page as it lies on its form."""

    alike: float
    ink: Any
    pale: Any


def looked_at(blank: bytes, paper: bytes, lines: Sequence[SigningLine] | None, code: FormCode | None) -> dict[str, Any]:
    """The verdict, and what led to it.

    lines: None where the form does not show who signs where. code: the one that the form bears, if any.
    """
    seen = [Finding(DOUBTFUL, "no_line")] if lines is None else []
    return verdict([*seen, *_findings(blank, paper, lines or (), code)])


def verdict(seen: Sequence[Finding]) -> dict[str, Any]:
    """The worst of what was found, as JSON."""
    worst = next((one for one in (BAD, DOUBTFUL) if any(finding.verdict == one for finding in seen)), GOOD)
    return {"verdict": worst, "findings": [asdict(one) for one in seen if one.verdict == worst]}


def _findings(blank: bytes, paper: bytes, lines: Sequence[SigningLine], code: FormCode | None) -> Iterator[Finding]:
    forms, pages = page_pictures(blank), [one.picture for one in page_pictures(paper)]
    if len(forms) != len(pages):
        yield Finding(BAD, "pages", {"n": len(pages), "wanted": len(forms)})
        return
    said = pages_that_say(blank, paper) if code is None else frozenset()
    foreign, left = pages_of_other_text(blank, paper), set(range(1, len(forms) + 1))
    marked: dict[int, list[FoundMark]] = {}
    for place, page in enumerate(pages, 1):
        marks = found(page)
        ours = [one for one in marks if one.code == code]
        if ours and ours[0].page in left:
            marked[place] = ours
            left.discard(ours[0].page)
        elif ours:
            yield Finding(BAD, "page_twice", {"page": place, "form_page": ours[0].page})
        elif marks:
            older = code is not None and any(one.code.matter == code.matter for one in marks)
            yield Finding(BAD, "older_form" if older else "other_matter", {"page": place})
        else:
            marked[place] = []
    laid_at: dict[int, _Laid] = {}
    for place, ours in marked.items():
        number, lies = _lying(forms, pages[place - 1], place, ours, left, lines)
        if lies.alike < UNLIKE:
            yield _other(place, pages[place - 1], foreign=place in foreign, found_ours=bool(ours))
            continue
        if not ours:
            left.discard(number)
            if code is not None or place not in said:
                yield Finding(DOUBTFUL, "unlike" if code is None and lies.alike < ALIKE else "no_code", {"page": place})
        laid_at[number] = lies
    yield from _signed(laid_at, lines)


def _lying(
    forms: Sequence[PagePicture],
    page: Any,
    place: int,
    ours: Sequence[FoundMark],
    left: Collection[int],
    lines: Sequence[SigningLine],
) -> tuple[int, _Laid]:
    """The page of the form that a page shows, and how it lies on it. left: those that none of our codes named.

    Without a code it is the one of its place, or of its place from the end: people scan a pile from its back.
    """
    likely = [one for one in dict.fromkeys((place, len(forms) + 1 - place)) if one in left]
    tried = [
        (number, _lies(forms[number - 1], page, [one for one in ours if one.page == number], _of_page(lines, number)))
        for number in ([ours[0].page] if ours else likely or sorted(left)[:1])
    ]
    return max(tried, key=lambda one: one[1].alike)


def _of_page(lines: Sequence[SigningLine], number: int) -> list[SigningLine]:
    return [one for one in lines if one.page == number]


def _other(place: int, page: Any, *, foreign: bool, found_ours: bool) -> Finding:
    """What a page is that shows little of the form: of a scan a person says so, however it came out.

    foreign: it has a text of its own, which is another one.
    """
    if (darkness(page) > PRINT).mean() < EMPTY:
        return Finding(BAD, "empty_page", {"page": place})
    if found_ours:
        return Finding(DOUBTFUL, "unclear", {"page": place})
    return Finding(BAD, "other_paper", {"page": place}) if foreign else Finding(DOUBTFUL, "unlike", {"page": place})


def _lies(form: PagePicture, page: Any, marks: Sequence[FoundMark], lines: Sequence[SigningLine]) -> _Laid:
    size = (round(form.width * DOTS), round(form.height * DOTS))
    shown = form.picture.resize(size)
    if marks:
        corners = places(form.width, form.height)
        here = [(x * DOTS, y * DOTS) for one in marks for x, y in corners[one.corner]]
        to_scan = by_points(here, [point for one in marks for point in one.at])
    else:
        to_scan = without_code(shown, page)
    dark = darkness(shown)
    for reach, stiff in ((6 if len(marks) > 1 else 14, True), (6, len(marks) < 2), (4, False)):
        tiles = compared(dark, darkness(laid(page, to_scan, size)), reach)
        to_scan = nearer(to_scan, tiles, stiff=stiff)
    there = darkness(laid(page, to_scan, size))
    ink = added(dark, there)
    tiles = compared(dark, there, 2, skip=_within(ink, lines))
    alike = sum(one.same >= SAME for one in tiles) / max(1, len(tiles))
    return _Laid(alike, ink, added(dark, there, PALE))


def _within(ink: Any, lines: Sequence[SigningLine]) -> Any:
    """The ink where it may be: print that lies under it there cannot be compared."""
    here = ink.copy()
    here[:] = False
    for line in lines:
        here[_rows(line.top, line.bottom)] = ink[_rows(line.top, line.bottom)]
    return here


def _signed(pages: Mapping[int, _Laid], lines: Sequence[SigningLine]) -> Iterator[Finding]:
    """What the lines lack. An empty line is sure only where no ink stands astray on any page, and the page is clear."""
    blobs_of = {number: blobs(page.ink) for number, page in pages.items()}
    astray = sum(
        one.area
        for number, there in blobs_of.items()
        for one in there
        if not any(line.top <= one.middle[1] <= line.bottom for line in _of_page(lines, number))
    )
    for line in lines:
        if line.page in pages:
            page, here = pages[line.page], blobs_of[line.page]
            yield from _of_line(line, page, here, sure=astray < TOUCHED and page.alike >= ALIKE)


def _of_line(line: SigningLine, page: _Laid, here: Sequence[Blob], *, sure: bool) -> Iterator[Finding]:
    own = [one for one in here if _is_of(one, line)]
    area = _area(page.ink, own, line)
    if area < TOUCHED and _area(page.pale, [one for one in blobs(page.pale) if _is_of(one, line)], line) >= SIGNED:
        yield Finding(DOUBTFUL, "faint", {"name": line.name})
    elif area < TOUCHED:
        yield Finding(BAD if sure else DOUBTFUL, "unsigned" if sure else "elsewhere", {"name": line.name})
    elif area < SIGNED:
        yield Finding(DOUBTFUL, "faint", {"name": line.name})
    elif line.sealed and not any(min(one.width, one.height) >= SEAL for one in own):
        yield Finding(DOUBTFUL, "no_seal", {"name": line.name})


def _area(ink: Any, own: Sequence[Blob], line: SigningLine) -> float:
    """Points of ink of a line. own: the blobs of it."""
    area = sum(one.area for one in own if one.height <= TALL * line.height)
    if any(one.height > TALL * line.height for one in own):
        # ink of several lines hangs together: what stands in the middle of this one counts
        aside = line.height * (1 - CORE) / 2
        area += sum(one.area for one in blobs(ink[_rows(line.top + aside, line.bottom - aside)]))
    return area


def _is_of(blob: Blob, line: SigningLine) -> bool:
    """Whether it stands in a line. A seal is larger than a line is high: its edge in the next one is not of it."""
    if blob.height <= TALL * line.height:
        return line.top <= blob.middle[1] <= line.bottom
    return min(blob.bottom, line.bottom) - max(blob.top, line.top) >= OVER * line.height


def _rows(top: float, bottom: float) -> slice:
    """Of a page in dots."""
    return slice(max(0, round(top * DOTS)), max(0, round(bottom * DOTS)))
