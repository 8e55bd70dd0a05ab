"""What a page shows is read without what shows nothing at its edges; what somebody filled in is read as he wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.bureau import filings
from adapters.bureau import selectors as on
from adapters.bureau.seen import Seen, flaw, seen_in
from adapters.bureau.sheets import Page
from workflow.errors import Drifted

BLANKS = {
    "no-break": "\u00a0",
    "narrow": "\u202f",
    "wide": "\u3000",
    "em": "\u2003",
    "of no width": "\u200b",
    "byte order mark": "\ufeff",
    "Hangul filler": "\u3164",
    "several": " \u00a0\t\u200b\u3000\n",
}


def read(page: Page, blank: str) -> Seen:
    """A page that shows this blank alone in each text and each cell, as the browser hands it over."""
    texts = dict.fromkeys([*on.FRAME.texts, *page.texts], blank) | {
        "page": page.name, "heading": page.heading, "account": "office-01",
    }  # fmt: skip
    lists = {name: [dict.fromkeys(rows.cells, blank)] for name, rows in page.lists.items()}
    said: dict[str, Any] = {"texts": texts, "lists": lists, "lost": [], "doubled": []}
    return seen_in(said)


@pytest.mark.parametrize("blank", BLANKS.values(), ids=list(BLANKS))
def test_what_shows_nothing_is_no_value(blank: str) -> None:
    """A no-break space where the bureau will write a number was taken for an owner's number and a serial number."""
    seen = read(on.FILING, blank)
    assert (seen.text("serial"), seen.text("certificate"), seen.rows("owners")[0]["center_id"]) == ("", "", "")
    assert flaw(seen, (on.FILING,), "office-01") is not None
    assert read(on.DETAIL, blank).rows("owners")[0]["center_id"] == ""


@pytest.mark.parametrize("blank", BLANKS.values(), ids=list(BLANKS))
def test_a_value_is_read_without_the_blanks_around_it(blank: str) -> None:
    assert read(on.FILING, f"{blank}2026R11L0 12{blank}").text("serial") == "2026R11L0 12"


def test_a_character_keeps_the_shape_that_was_chosen_for_it() -> None:
    """A variation selector shows nothing by itself, and it belongs to the name before it."""
    assert read(on.FILING, "葛\U000e0100").rows("owners")[0]["name"] == "葛\U000e0100"


@pytest.mark.parametrize("page", [on.CHECK, on.VIEW], ids=["check", "view"])
def test_what_was_filled_in_is_read_as_it_was_written(page: Page) -> None:
    """The site would register the blank. The name of what was filled in is the site's own word."""
    assert read(page, "\u3000甲\u00a0").rows("echo")[0] == {"field": "甲", "value": "\u3000甲\u00a0"}


@pytest.mark.parametrize(
    ("round", "notice", "told"),
    [
        ("O", ("2026-03-01", "1"), "'O' as round"),
        ("1", ("2026-13-01", "1"), "'2026-13-01' as notices.date"),
        ("1", ("2026-03-01", "1_0"), "'1_0' as notices.round"),
        ("13900000110", ("2026-03-01", "1"), "'139…10' as round"),
    ],
)
def test_the_part_that_is_no_number_and_no_day_is_told_with_its_value(
    round: str, notice: tuple[str, str], told: str
) -> None:
    """All of them gave one sentence, and nobody knew where to look."""
    day, number = notice
    texts = {"status": "审查中", "round": round, "number": "F0000001", "name": "A", "version": "V1.0"}
    seen = Seen("filing", texts, {"notices": [{"text": "补正", "date": day, "round": number}]})
    with pytest.raises(Drifted, match=f"the page shows {told}, which is no number or day$"):
        filings._read("M1", seen)
