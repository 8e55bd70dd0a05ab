"""A wait that only a person can end is told to him when it lasts, bars nothing, and is over when it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import Letter, PaperOffice, S, desk, letters, never
from workflow.backoff import PERSON_AFTER
from workflow.errors import NotSent
from workflow.flow.case import Case, No, Verdict, Yes
from workflow.flow.compiled import Plan
from workflow.flow.definition import Stay, To
from workflow.flow.functions import fact
from workflow.testing import Bench

MINUTE = timedelta(minutes=1)


@dataclass
class Said:
    """What the guard sees, and whether it says that a person is to settle it."""

    rivals: int = 2
    who: str = "operator"
    colour: str | None = None
    error: list[Exception] = field(default_factory=list)


def rivalled(said: Said) -> Plan:
    @fact
    async def asked() -> int:
        if said.error:
            raise said.error[0]
        return said.rivals

    def unrivalled(asked: int) -> Verdict:
        return No(rivals=asked, waits_for=said.who) if asked else Yes()

    @fact
    async def colour() -> str | None:
        return said.colour

    def recoloured(case: Case[Letter], colour: str | None) -> Verdict:
        return Yes(colour=colour) if case.data.stamp != colour else No()

    return letters(
        Stay(when=recoloured, learn={"stamp": "colour"}),
        Stay(when=never, learn={"stamp": "colour"}, name="collect"),
        To(S.posted, when=unrivalled),
        facts=[asked, colour],
    )


async def told(bench: Bench) -> list[str]:
    return [one.kind for one in await bench.store.incidents()]


async def looks(bench: Bench, lasted: timedelta) -> None:
    """Each look when it is due, until so much time has gone by."""
    end = await bench.clock.business() + lasted
    while True:
        await bench.sweep()
        due = (await bench.case()).due_at
        now = await bench.clock.business()
        assert due is not None
        if due > end:
            bench.clock.advance(max(end - now, timedelta()))
            return
        bench.clock.advance(max(due - now, timedelta(seconds=1)))


async def test_a_stop_that_waits_for_a_person_is_told_and_bars_nothing(tmp_path: Path) -> None:
    """A filing by hand stopped ours for twenty days, and nobody knew. Three days are `make attack ARGS=lasting`."""
    await told_once(tmp_path, timedelta(days=1))


async def told_once(folder: Path, lasted: timedelta) -> None:
    said = Said()
    async with desk(rivalled(said), folder, PaperOffice()) as bench:
        await looks(bench, PERSON_AFTER - MINUTE)
        assert await told(bench) == []
        await looks(bench, 2 * MINUTE)
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.bars, incident.cause) == (
            "person_wanted", False, "letters:written:unrivalled",
        )  # fmt: skip
        assert incident.seen == {"guard": "unrivalled", "rivals": 2}
        await looks(bench, lasted)
        assert await told(bench) == ["person_wanted"], "once"
        said.rivals = 0
        await looks(bench, timedelta(hours=1))
        assert (await bench.case()).claim.state == "posted"
        assert await told(bench) == []
        assert (await bench.kinds()).count("incident_opened") == 1
        assert (await bench.kinds()).count("incident_closed") == 1


@pytest.mark.parametrize("who", ["generator", "owner"])
async def test_a_wait_for_others_is_told_to_nobody(tmp_path: Path, who: str) -> None:
    async with desk(rivalled(Said(who=who)), tmp_path, PaperOffice()) as bench:
        await looks(bench, timedelta(days=1))
        assert await told(bench) == []


async def test_it_is_over_when_the_guard_says_something_else(tmp_path: Path) -> None:
    said = Said()
    async with desk(rivalled(said), tmp_path, PaperOffice()) as bench:
        await looks(bench, timedelta(hours=1))
        said.who = "owner"
        await looks(bench, timedelta(hours=1))
        assert await told(bench) == []
        said.who = "operator"
        await looks(bench, PERSON_AFTER - 11 * MINUTE)
        assert await told(bench) == [], "it is counted from the beginning again"
        await looks(bench, PERSON_AFTER)
        assert await told(bench) == ["person_wanted"]


async def test_what_is_late_for_a_while_is_no_matter_for_people(tmp_path: Path) -> None:
    said = Said()
    async with desk(rivalled(said), tmp_path, PaperOffice()) as bench:
        await looks(bench, PERSON_AFTER - 5 * MINUTE)
        said.rivals = 0
        await looks(bench, timedelta(hours=1))
        assert "incident_opened" not in await bench.kinds()


async def test_trouble_between_does_not_lose_it(tmp_path: Path) -> None:
    """A remote that does not answer in between, a line that learns, and a sweep of a named line."""
    said = Said()
    async with desk(rivalled(said), tmp_path, PaperOffice()) as bench:
        await looks(bench, timedelta(hours=1))
        said.error = [NotSent("office", "asked", "no connection")]
        await looks(bench, timedelta(hours=1))
        assert await told(bench) == ["person_wanted"]
        said.error = []
        said.colour = "red"
        await looks(bench, timedelta(hours=1))
        assert (await bench.case()).claim.data["stamp"] == "red"
        await bench.engine.sweep("letters", "written", only="collect")
        assert await told(bench) == ["person_wanted"]
        assert (await bench.kinds()).count("incident_opened") == 1
        said.error = [NotSent("office", "asked", "no connection")]
        await looks(bench, MINUTE)
        said.error, said.rivals = [], 0
        await looks(bench, timedelta(hours=1))
        assert await told(bench) == []


async def test_one_that_a_person_closed_comes_back_while_it_stands(tmp_path: Path) -> None:
    async with desk(rivalled(Said()), tmp_path, PaperOffice()) as bench:
        await looks(bench, timedelta(hours=1))
        (incident,) = await bench.store.incidents()
        now = await bench.clock.business()
        await bench.store.close_incident(incident.id, actor="person:test", reason="looked at", now=now, real=now)
        assert await told(bench) == []
        await looks(bench, timedelta(hours=1))
        assert await told(bench) == ["person_wanted"]
