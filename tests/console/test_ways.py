"""`case why` tells first of the ways on for which somebody waits, each once; `--all` tells of every one."""

from __future__ import annotations

from datetime import datetime

import pytest

from caseward.console.wording.ways import nearest
from tests.console.stage import NOW
from tests.console.transcripts import spoken
from workflow.flow.last_look import GuardSaid, LineSaid


def no(guard: str, waits_for: str | None = None, until: datetime | None = None) -> GuardSaid:
    return GuardSaid(guard=guard, ok=False, seen={"saw": guard}, waits_for=waits_for, until=until)


def line(name: str, total: int, *guards: GuardSaid) -> LineSaid:
    return LineSaid(line=name, to=None, satisfied=sum(one.ok for one in guards), total=total, guards=guards)


HELD = GuardSaid(guard="paid", ok=True)
TWICE = [
    line("warned", 2, no("is_correction")),
    line("others_did", 2, no("codes_ready", "owner")),
    line("hand_in", 2, no("codes_ready", "owner")),
    line("hand_in_and_file", 3, no("codes_ready", "owner")),
    line("filed", 3, HELD, no("codes_taken", "owner")),
    line("later", 1, no("it_is_morning", until=NOW)),
]


def test_what_nobody_waits_for_is_left_out_and_one_lack_is_told_once() -> None:
    assert [one.line for one in nearest(TWICE)] == ["hand_in", "filed", "later"]


def test_a_way_that_lacks_nothing_is_told_of() -> None:
    """Its remote was closed at the last look, say."""
    ready = line("order", 1, HELD)
    assert [one.line for one in nearest([ready, *TWICE])] == ["order", "hand_in", "filed", "later"]


def test_a_way_that_only_learns_stands_back() -> None:
    learns = line("others_did", 1, no("codes_ready", "owner")).model_copy(update={"learns": True})
    assert [one.line for one in nearest([learns, *TWICE])] == ["hand_in", "filed", "later"]
    assert [one.line for one in nearest([learns])] == ["others_did"]


def test_where_nobody_is_named_each_lack_is_told_once() -> None:
    unnamed = [line("a", 2, no("issued")), line("b", 1, no("issued")), line("c", 1, no("withdrawn"))]
    assert [one.line for one in nearest(unnamed)] == ["b", "c"]
    assert nearest([]) == []


@pytest.mark.usefixtures("copied")
def test_every_way_is_told_where_it_is_asked_for() -> None:
    short, whole = (spoken(["case", "why", "RZ-0001", *more])[1] for more in ([], ["--all"]))
    assert len(short.splitlines()) <= len(whole.splitlines())
    assert "--all" not in whole
