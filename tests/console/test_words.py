"""Columns, spans and sentences as values: wide letters, narrow screens, and no word without its translation."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from caseward.console.terminal import complaints
from caseward.console.text.output import Column, Screen, cut
from caseward.console.wording.moments import Moments
from caseward.console.wording.texts import Texts, filled, sentences
from workflow.flow.explain import STANDING, WAITS
from workflow.record.values import EffectStatus, EntryKind

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
LETTERS = st.text(st.sampled_from("ab 软著登记，…é\u200b\x1b\n"), max_size=60)


def moments(texts: Texts | None = None) -> Moments:
    return Moments(NOON, ZoneInfo("Asia/Shanghai"), texts or Texts("en"))


@given(LETTERS, st.integers(1, 40))
def test_a_cut_text_is_never_wider_than_asked(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width


@given(st.lists(st.tuples(LETTERS, LETTERS, LETTERS), max_size=5), st.integers(30, 100))
def test_a_table_is_never_wider_than_the_screen_where_columns_may_be_cut(
    rows: list[tuple[str, str, str]], width: int
) -> None:
    columns = [Column("a", 5), Column("b", 5), Column("c", 5)]
    assert all(cell_len(line) <= width for line in Screen(width, False).table(columns, rows))


@given(st.text(st.sampled_from("ab 软著登记，…é"), max_size=60), st.integers(40, 80), st.integers(0, 18))
def test_wrapping_loses_no_letter_and_keeps_to_the_screen(text: str, width: int, indent: int) -> None:
    lines = list(Screen(width, False).wrapped(text, indent))
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_chinese_letters_count_as_two_columns() -> None:
    head, row = Screen(80, False).table([Column("编号"), Column("Title")], [["软著", "x"]])
    assert head.index("Title") == row.index("x")
    assert cut("软著登记", 5) == "软著…"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0s", "0秒"),
        (59, "59s", "59秒"),
        (60, "1m", "1分"),
        (35_100, "9h45m", "9小时45分"),
        (183_600, "2d3h", "2天3小时"),
        (86_460, "1d", "1天"),
        (-5, "0s", "0秒"),
    ],
)
def test_a_span_shows_its_two_largest_parts(seconds: int, english: str, chinese: str) -> None:
    assert moments().span(timedelta(seconds=seconds)) == english
    assert moments(Texts("zh-CN")).span(timedelta(seconds=seconds)) == chinese


def test_an_instant_names_no_more_of_its_day_than_is_needed() -> None:
    assert moments().short(NOON) == "12:00"
    assert moments().short(NOON + timedelta(hours=20)) == "11-22 08:00"
    assert moments().short(NOON + timedelta(days=60)) == "2027-01-20 12:00"
    assert moments().zoned(NOON) == "12:00 (Asia/Shanghai)"
    assert moments().iso(NOON) == "2026-11-21T12:00:00+08:00"


def test_every_reason_has_its_sentence() -> None:
    lacking = [name for name in STANDING if name not in WAITS and f"why.{name}" not in sentences("zh-CN")]
    assert lacking == []


def test_every_kind_of_event_has_its_word() -> None:

    assert [kind for kind in get_args(EntryKind) if f"event.{kind}" not in sentences("en")] == []
    assert [status for status in EffectStatus if f"effect.{status}" not in sentences("en")] == []


def test_each_name_that_the_code_asks_for_is_in_the_catalogue() -> None:
    asked = set()
    for path in sorted(Path(complaints.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") == "texts":
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    asked.add(first.value)
    assert sorted(asked - set(sentences("en"))) == []


@pytest.mark.parametrize("text", ["set {name", "set }", "set {0}", "set {who.name}", "set {who[name]}", "set {}"])
def test_a_text_with_other_places_than_are_given_is_none(text: str) -> None:
    assert filled(text, {"who": "Ada"}) is None
    assert filled(text, {}) == text, "nothing is to be filled in, so its braces are braces"


def test_a_brace_in_what_is_filled_in_is_a_brace() -> None:
    assert filled("{who} said it", {"who": "{Ada} {"}) == "{Ada} { said it"
