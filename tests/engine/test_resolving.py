"""An incident is closed by a person's word, with the others of its cause, unless something else has to close it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.engine.letters import Letter, PaperOffice, S, desk, doing, post
from tests.engine.test_unknown import LOST
from workflow.errors import Conflict, NoReason, NotByHand, NotFound
from workflow.flow.case import CannotTell
from workflow.record.values import Commit, NewIncident
from workflow.store import CaseRow, NewCase, Store
from workflow.testing import Bench

WHY = "the office was asked"


async def trouble(at: Bench, number: str, cause: str) -> None:
    """An incident of this cause, of this case."""
    opened = Commit(guard="version", new_incidents=(NewIncident("drifted", cause, {}, bars=True),))
    now, real = await at.clock.business(), await at.clock.real()
    await at.store.command(number, None, lambda _: opened, now=now, real=real)


async def test_a_doubt_is_not_closed_by_saying_so(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[CannotTell("the book is away")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.run(lambda row: row.barred)
        (told,) = await letters.store.incidents()
        with pytest.raises(NotByHand, match="the matter would stay as it is") as refused:
            await letters.people.resolve(told, WHY)
        assert (refused.value.way, refused.value.name) == ("settle", "post")
        assert [one.id for one in await letters.store.incidents()] == [told.id]


async def test_the_others_of_its_cause_are_closed_with_it_or_stay(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice()) as letters:
        numbers = [(await letters.case()).claim.number, *[await letters.open(Letter()) for _ in range(2)]]
        for number, cause in zip(numbers, ("stamps", "stamps", "ink"), strict=True):
            await trouble(letters, number, cause)
        first, second, third = await letters.store.incidents()
        with pytest.raises(NoReason):
            await letters.people.resolve(first, "  ")
        closed, others = await letters.people.resolve(first, WHY, only=True)
        assert (closed.closed_by, closed.close_reason, others) == (letters.people.actor, WHY, [])
        with pytest.raises(Conflict, match="closed already"):
            await letters.people.resolve(closed, WHY)
        _, others = await letters.people.resolve(third, WHY)
        assert [one.id for one in await letters.store.incidents()] == [second.id]
        await trouble(letters, numbers[0], "stamps")
        _, others = await letters.people.resolve(second, WHY)
        assert [one.number for one in others] == [numbers[0]]
        assert await letters.store.incidents() == []
        await letters.run(S.posted, case=numbers[0])


async def test_incidents_of_flows_that_nobody_here_knows_stay_open_and_stop_no_other(tmp_path: Path) -> None:
    """The first was closed, then the command failed over the second, and the third stayed open."""
    async with desk(doing(post), tmp_path, PaperOffice()) as letters:
        number, now = (await letters.case()).claim.number, await letters.clock.business()
        stranger = NewCase("parcels", 1, "PA", "written", {})
        (made,) = await letters.store.create([stranger], actor="person:test", reason=None, now=now)
        numbers = [number, made.number, await letters.open(Letter())]
        for number in numbers:
            await trouble(letters, number, "stamps")
        first = next(one for one in await letters.store.incidents() if one.number == numbers[0])
        _, others = await letters.people.resolve(first, WHY)
        assert [one.number for one in others] == [numbers[2]]
        assert [one.number for one in await letters.store.incidents()] == [made.number]


class Forgetful(Store):
    """A case is erased between the list of the incidents and the look at it."""

    gone = ""

    async def case(self, case: str, *, real: datetime | None = None) -> CaseRow:
        if case == self.gone:
            raise NotFound("case", case)
        return await super().case(case, real=real)


async def test_a_case_that_is_erased_meanwhile_keeps_no_incident_of_its_cause_open(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice()) as at:
        store = Forgetful(at.store.engine, at.store.vault, at.store.revision)
        letters = replace(at, store=store)
        numbers = [(await letters.case()).claim.number, *[await letters.open(Letter()) for _ in range(2)]]
        for number in numbers:
            await trouble(letters, number, "stamps")
        first, second, third = await store.incidents()
        store.gone = second.case
        _, others = await letters.people.resolve(first, WHY)
        assert [one.number for one in others] == [third.number]
