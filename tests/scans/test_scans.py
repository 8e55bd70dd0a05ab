"""Of each kind of page that comes back one, as scanners and telephones take it; `make scans` measures the rates."""

from __future__ import annotations

from random import Random

import pytest

from adapters.bureau.seal_look import look_at_seal_page
from adapters.papers.form_marks import FormCode, found, marked
from adapters.papers.page_pictures import page_pictures
from states.copyright.demonstration.papers import agreement, sealed
from tests.scans.kinds import KINDS, scan, signed
from tests.scans.matters import Matter, matter, twin
from tests.scans.papers import WRITTEN, paper_looked_at, right_of
from tests.scans.taking import as_pdf, scanned


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("all signed", "askew"), ("all signed", "turned"), ("all signed", "photographed"),
        ("nobody signed", "grey"), ("one left out", "pressed"), ("wrong place", "flat"),
        ("another matter's", "photographed"), ("twin matter's", "flat"), ("signed for sealed", "flat"),
        ("small seals", "grey"), ("page missing", "flat"), ("empty", "flat"), ("another paper", "turned"),
        ("noted beside", "flat"), ("low rows", "flat"), ("two columns", "askew"), ("back to front", "flat"),
    ],
)  # fmt: skip
def test_a_page_that_came_back_is_taken_doubtful_or_refused_as_it_is(kind: str, way: str) -> None:
    made = scan(kind, way, 0)
    assert made.looked_at()["verdict"] in KINDS[kind].right


def codes(made: Matter, paper: bytes) -> list[str]:
    return [one["code"] for one in look_at_seal_page([paper, made.blank], made.about)["findings"]]


def test_pages_are_known_by_their_codes_in_whatever_order_they_are_scanned() -> None:
    random = Random(1)
    made = matter(random, owners=7)
    first, second = [one.page for one in signed(made, 150 / 72, random)]
    assert codes(made, scanned([second, first], 150 / 72, random)) == []
    assert codes(made, scanned([second, second], 150 / 72, random)) == ["page_twice"]
    assert codes(made, scanned([first], 150 / 72, random)) == ["pages"]


def test_a_page_without_a_code_is_compared_with_the_blank_by_its_print() -> None:
    """The bureau's own page, fetched by hand: it may be the right one, and a person says so."""
    random = Random(2)
    bare = matter(random, coded=False, owners=1)
    assert look_at_seal_page([sealed(bare.blank, ["x"]), bare.blank], bare.about)["verdict"] == "good"
    photo = as_pdf([one.page for one in signed(bare, 150 / 72, random)], 150 / 72)
    assert codes(bare, photo) == ["no_code"]  # a page that differs in one figure of its number looks the same
    assert codes(bare, sealed(twin(bare).blank, ["x"])) == ["no_code"]
    code = FormCode.of(bare.draft, bare.blank)
    form = marked(bare.blank, code)
    assert form is not None
    printed = Matter(bare.title, bare.version, bare.draft, bare.owners, form, str(code))
    assert codes(printed, sealed(bare.blank, ["x"])) == ["no_code"]
    earlier = FormCode(code.matter, "AAAAAA")
    old = marked(bare.blank, earlier)
    assert old is not None
    assert codes(printed, sealed(old, ["x"])) == ["older_form"]


def test_no_code_is_printed_where_no_corner_is_free() -> None:
    made = matter(Random(3))
    (page,) = page_pictures(made.blank)
    assert sorted(one.corner for one in found(page.picture)) == [0, 1, 2, 3]
    assert marked(made.blank, FormCode.of("another", made.blank)) is None


def test_a_paper_with_another_text_of_its_own_is_refused_and_a_scan_of_it_never() -> None:
    made = matter(Random(4), owners=1)
    other = agreement("另一软件", ["某人"])
    assert codes(made, other) == ["other_paper"]
    (page,) = page_pictures(other)
    assert codes(made, as_pdf([page.picture], 150 / 72)) == ["unlike"]


def test_ink_on_another_page_is_no_empty_line() -> None:
    """The owner of the second page signed on the first: a person says so."""
    random = Random(5)
    made = matter(random, owners=7)
    pages = signed(made, 150 / 72, random, leave=[6])
    assert codes(made, scanned([one.page for one in pages], 150 / 72, random)) == ["unsigned"]
    pages[0].signature(200, 745, random)
    assert codes(made, scanned([one.page for one in pages], 150 / 72, random)) == ["elsewhere"]


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("agreement", WRITTEN), ("agreement", "flat"), ("agreement", "heic"), ("agreement, unsigned", WRITTEN),
        ("agreement of another", WRITTEN), ("agreement: seal page", WRITTEN), ("agreement: seal page", "heic"),
        ("agreement: seal page", "photographed"), ("agreement: empty", "grey"), ("permission", WRITTEN),
        ("permission", "pressed"), ("permission of another", WRITTEN), ("permission: agreement", WRITTEN),
        ("permission: seal page", "turned"),
    ],
)  # fmt: skip
def test_an_agreement_and_a_permission_are_taken_doubtful_or_refused_as_they_are(kind: str, way: str) -> None:
    assert paper_looked_at(kind, way, 0)["verdict"] in right_of(kind, way)
