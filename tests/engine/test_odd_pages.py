"""A page or a reply that is not as expected: what is only asked is asked again, and what is done is a person's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import Counter, Letter, Office, PaperOffice, S, desk, letters
from workflow.errors import Drifted, NotSent, Refused, RemoteError, Unknown
from workflow.flow.case import Case, Done, ProofAnswer
from workflow.flow.compiled import Plan
from workflow.flow.definition import Stay, To
from workflow.flow.functions import action, fact
from workflow.testing import Bench

ODD = Drifted("office", "counter", "rows has no row, and the page does not say that there is none")


@fact
async def asked(office: Office) -> Counter:
    return await office.counter()


@fact
async def colour(office: Office) -> str:
    return "red"


def there(asked: Counter) -> bool:
    return asked.open_


class OddOffice(PaperOffice):
    """Its counter answers oddly so often."""

    odd = 1
    raises: RemoteError = ODD

    async def counter(self) -> Counter:
        if self.odd:
            self.odd -= 1
            raise self.raises
        return await super().counter()


def collected() -> Plan:
    return letters(To(S.posted, when=there), facts=[asked])


async def kinds(bench: Bench) -> list[tuple[str, bool]]:
    return [(one.kind, one.bars) for one in await bench.store.incidents()]


async def test_one_odd_answer_to_a_question_is_told_and_over_with_the_next_that_fits(tmp_path: Path) -> None:
    """It barred its case until a person came, though nothing had been done."""
    async with desk(collected(), tmp_path, OddOffice()) as bench:
        await bench.sweep()
        assert await kinds(bench) == [("drifted", False)]
        (incident,) = await bench.store.incidents()
        assert incident.cause == f"letters:written:{ODD.step}: {ODD.why}"
        assert (await bench.why()).reason == "retry_backoff"
        assert ODD.why in (await bench.why()).detail["error"]
        await bench.run(S.posted)
        assert await kinds(bench) == []


async def test_an_odd_answer_that_stays_is_one_incident_and_asked_for_seldom(tmp_path: Path) -> None:
    office = OddOffice()
    office.odd = 10_000
    async with desk(collected(), tmp_path, office) as bench:
        begun = await bench.clock.business()
        while await bench.clock.business() < begun + timedelta(days=5):
            await bench.sweep()
            due = (await bench.case()).due_at
            assert due is not None
            bench.clock.advance(max(due - await bench.clock.business(), timedelta(minutes=1)))
        assert 10_000 - office.odd < 70
        assert await kinds(bench) == [("drifted", False)]
        assert (await bench.kinds()).count("incident_opened") == 1


async def test_an_odd_answer_about_what_may_have_happened_is_a_persons(tmp_path: Path) -> None:
    async def proved(case: Case[Letter], asked: Counter) -> ProofAnswer:
        return Done({})

    @action(proof=proved, once="round")
    async def send(case: Case[Letter], office: Office) -> None:
        raise Unknown("office", "post", "the reply was lost")

    async with desk(letters(To(S.posted, do=send), facts=[asked]), tmp_path, OddOffice()) as bench:
        await bench.run(lambda row: row.barred)
        assert await kinds(bench) == [("drifted", True)]


async def test_what_an_odd_page_stops_in_the_doing_bars_its_case_whatever_was_asked_before(tmp_path: Path) -> None:
    """The question before it was answered oddly once, and its incident was still open."""

    @action(blind="incident", once="round")
    async def send(case: Case[Letter], office: Office) -> None:
        await office.post("ada", "key")

    office = OddOffice(new_incidents=[Drifted("office", "post", "no button")])
    async with desk(letters(To(S.posted, when=there, do=send), facts=[asked]), tmp_path, office) as bench:
        await bench.run(lambda row: row.barred)
        assert ("drifted", True) in await kinds(bench)
        assert len(office.calls) == 1
        await bench.people.retry((await bench.case()).claim.case, "put right")
        await bench.run(S.posted)
        assert await kinds(bench) == []


async def test_a_named_line_that_acts_and_meets_an_odd_page_is_a_persons(tmp_path: Path) -> None:
    """The state's own looks, which ask something else, would end its incident each time."""

    @action(blind="incident", once="round")
    async def send(case: Case[Letter], office: Office) -> None:
        await office.post("ada", "key")

    plan = letters(Stay(when=there, do=send, name="collect"), facts=[asked])
    async with desk(plan, tmp_path, OddOffice()) as bench:
        await bench.engine.sweep("letters", "written", only="collect")
        assert await kinds(bench) == [("drifted", True)]


@pytest.mark.parametrize("error", [ODD, Refused("office", "counter", "it is not there")], ids=["odd", "refused"])
async def test_a_named_line_that_only_learns_stands_in_nobodys_way(tmp_path: Path, error: RemoteError) -> None:
    """It is for information: it parked the case, and moved its next look."""
    plan = letters(Stay(when=there, learn={"stamp": "colour"}, name="collect"), facts=[asked, colour])
    office = OddOffice()
    office.raises, office.odd = error, 20
    async with desk(plan, tmp_path, office) as bench:
        before = await bench.case()
        for _ in range(20):
            await bench.engine.sweep("letters", "written", only="collect")
        after = await bench.case()
        assert await kinds(bench) == [("line_failing", False)]
        assert (after.due_at, after.barred, after.claim.failures) == (before.due_at, False, 0)
        assert (await bench.why()).reason == "not_looked_at"
        await bench.engine.sweep("letters", "written", only="collect")
        assert await kinds(bench) == []


async def test_a_named_line_that_only_learns_and_gets_no_answer_says_nothing(tmp_path: Path) -> None:
    plan = letters(Stay(when=there, learn={"stamp": "colour"}, name="collect"), facts=[asked, colour])
    office = OddOffice()
    office.raises, office.odd = NotSent("office", "counter", "no answer"), 20
    async with desk(plan, tmp_path, office) as bench:
        before = await bench.case()
        for _ in range(20):
            await bench.engine.sweep("letters", "written", only="collect")
        assert await kinds(bench) == []
        assert (await bench.case()).due_at == before.due_at
