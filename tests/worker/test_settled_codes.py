"""What a person said is settled about codes stays so until something new happens; one case's trouble is its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.code_records import CodeRecords, FilledCodes, OddRow
from states.copyright.collection import CodesNotAsked
from states.copyright.owners import EVERY, REMINDERS
from states.copyright.values import OwnersOfRound
from tests.flows.matters import people
from tests.systems import behind
from tests.worker.test_jobs import job, office, portal, record  # noqa: F401 - fixtures
from tests.worker.test_reminders import ask, clock_of, extra, kinds
from tests.worker.test_reminders import waiting as reminded
from tests.worker.test_unclear_codes import FIRST, NOBODYS, Records, filled, told, waiting
from workflow.errors import DatabaseUnusable, Unknown
from workflow.record.values import Commit
from workflow.scheduler.jobs import JobContext
from workflow.sentence import Sentence

HOUR = timedelta(hours=1)
FLAW = Sentence("flaw_at", "{place}: {what}", place="id", what=Sentence("flaw_missing", "it is missing"))


async def settle(office: JobContext) -> None:  # noqa: F811
    now, real = await office.clock.business(), await office.clock.real()
    (one,) = await office.store.incidents()
    await office.store.close_incident(one.id, actor="person:clerk", reason="seen to", now=now, real=real)


async def move(office: JobContext, case: str, commit: Commit) -> None:  # noqa: F811
    now, real = await office.clock.business(), await office.clock.real()
    await office.store.command(case, None, lambda _: commit, now=now, real=real)


SHARED: dict[str, Any] = {
    "owners": tuple(owner.model_copy(update={"phone": FIRST}) for owner in people().owners),
    "codes_wanted": OwnersOfRound(round=0, owners=("o1", "o2", "o3")),
}


async def test_what_was_settled_in_one_round_is_told_anew_in_the_next(office: JobContext) -> None:  # noqa: F811
    case = await waiting(office, **SHARED)
    at_work = replace(office, remotes=behind(CodeRecords, Records()))
    await job(at_work, "sync_codes")
    await settle(office)
    await job(at_work, "sync_codes")
    assert await told(office) == {}, "a person said that it is settled"
    again = people(**SHARED | {"codes_wanted": OwnersOfRound(round=1, owners=("o1", "o2", "o3"))})
    await move(office, case, Commit(guard="version", round=1, data=again.model_dump(mode="json")))
    await job(at_work, "sync_codes")
    assert list(await told(office)) == ["codes_unclear"]


async def test_what_was_settled_is_told_anew_once_the_code_is_asked_for_again(office: JobContext) -> None:  # noqa: F811
    case = await waiting(office, **SHARED)
    at_work = replace(office, remotes=behind(CodeRecords, Records()))
    await job(at_work, "sync_codes")
    await settle(office)
    clock_of(office).advance(HOUR)
    await ask(office, case, 2)
    await job(at_work, "sync_codes")
    assert list(await told(office)) == ["codes_unclear"]


async def test_a_row_without_a_number_is_settled_as_long_as_no_other_row_comes(office: JobContext) -> None:  # noqa: F811
    """Its place is no name: another row may stand there next time."""
    await waiting(office)
    records = Records(odd=(OddRow("#1/1", FLAW),))
    at_work = replace(office, remotes=behind(CodeRecords, records))
    await job(at_work, "sync_codes")
    await settle(office)
    await job(at_work, "sync_codes")
    assert await told(office) == {}
    records.odd = (OddRow("#1/2", FLAW),)
    await job(at_work, "sync_codes")
    assert (await told(office))["codes_odd"]["rows"] == ["#1/2"]


async def test_late_owners_who_were_settled_are_not_told_again_until_one_is_asked_anew(office: JobContext) -> None:  # noqa: F811
    case, here = await reminded(office), replace(office, remotes=behind(CodeRecords, Records()))
    clock_of(office).advance(EVERY * (REMINDERS + 1))
    await job(here, "sync_codes")
    assert await kinds(office) == ["codes_unanswered"]
    await settle(office)
    for _ in range(3):
        clock_of(office).advance(EVERY)
        await job(here, "sync_codes")
        assert await kinds(office) == [], "nothing new happened"
    await ask(office, case, 2)
    clock_of(office).advance(EVERY * (REMINDERS + 1))
    await job(here, "sync_codes")
    assert await kinds(office) == ["codes_unanswered"]


@dataclass
class Breaking(Records):
    """Records whose answer about some titles breaks our own code."""

    breaks: dict[str, BaseException] = field(default_factory=dict)

    async def codes(self, title: str, version: str) -> FilledCodes:
        if title in self.breaks:
            raise self.breaks[title]
        return await super().codes(title, version)


async def test_a_mistake_of_ours_is_its_cases_and_takes_no_other_along(office: JobContext) -> None:  # noqa: F811
    await waiting(office, full_name="甲软件")
    other = await waiting(office, full_name="乙软件")
    records = Breaking(filled=(filled("C1", FIRST, minutes=0),), breaks={"甲软件": KeyError("phone")})
    at_work = replace(office, remotes=behind(CodeRecords, records))
    came = await job(at_work, "sync_codes")
    assert (came["codes"], came["failed"]) == (1, 1)
    assert await office.store.code_sources(other, 0) == {"C1"}
    await job(at_work, "sync_codes")
    (one,) = await office.store.incidents()
    assert (one.number, one.kind, one.bars) == ("RZ-0001", "codes_failing", False)
    assert one.seen["error"] == "KeyError: 'phone'"
    assert "in codes" in one.seen["place"]
    records.breaks.clear()
    await job(at_work, "sync_codes")
    assert await told(office) == {}, "what is mended is over by itself"


async def test_a_mistake_in_what_is_told_of_one_case_takes_no_other_along(
    office: JobContext,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = await waiting(office, full_name="甲软件")
    await waiting(office, full_name="乙软件")
    write = office.store.command

    async def command(case: str, *given: object, **named: object) -> object:
        if case == first:
            raise ValueError("its row is odd")
        return await write(case, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(office.store, "command", command)
    at_work = replace(office, remotes=behind(CodeRecords, Records(filled=(filled("C1", NOBODYS, minutes=1),))))
    with pytest.raises(CodesNotAsked, match=r"RZ-0001 first: ValueError: its row is odd"):
        await job(at_work, "sync_codes")
    assert [(one.number, one.kind) for one in await office.store.incidents()] == [("RZ-0002", "codes_strange")]


async def test_a_database_that_is_away_is_no_cases_mistake(office: JobContext) -> None:  # noqa: F811
    await waiting(office, full_name="甲软件")
    away = DatabaseUnusable(
        "the database", Sentence("silent", "it answers no COMMIT"), Sentence("look", "look at the server")
    )
    with pytest.raises(DatabaseUnusable):
        await job(replace(office, remotes=behind(CodeRecords, Breaking(breaks={"甲软件": away}))), "sync_codes")
    assert await told(office) == {}


async def test_owners_are_reminded_while_the_records_do_not_answer(office: JobContext) -> None:  # noqa: F811
    await reminded(office)
    clock_of(office).advance(EVERY)
    (row,) = await office.store.cases()
    records = Breaking(breaks={row.claim.data["full_name"]: Unknown("records", "find_codes", "silence")})
    with pytest.raises(CodesNotAsked, match="of 1 cases"):
        await job(replace(office, remotes=behind(CodeRecords, records)), "sync_codes")
    assert await extra(office, row.claim.case) == {"o1": 1, "o2": 1, "o3": 1}


async def test_a_case_that_moved_while_others_were_asked_about_is_left_alone(office: JobContext) -> None:  # noqa: F811
    """One that was seen at the beginning of a long run may be cancelled, or have its codes, when its turn comes."""
    await reminded(office)
    moved = await reminded(office)
    clock_of(office).advance(EVERY)

    class Slow(Records):
        async def codes(self, title: str, version: str) -> FilledCodes:
            if not self.asked:
                await move(office, moved, Commit(guard="version", state="awaiting_seal"))
            return await super().codes(title, version)

    slow = Slow()
    assert (await job(replace(office, remotes=behind(CodeRecords, slow)), "sync_codes"))["reminded"] == 3
    assert len(slow.asked) == 1
    assert await extra(office, moved) == {}


async def test_each_case_is_asked_about_in_its_turn_and_no_more_at_once_than_the_limit(office: JobContext) -> None:  # noqa: F811
    names = [f"软件{letter}" for letter in "ABCDE"]
    for name in names:
        await waiting(office, full_name=name)
    records = Records(refuses=("软件C",))
    at_work = replace(office, remotes=behind(CodeRecords, records))
    turns = []
    for turn in range(6):
        records.asked.clear()
        if turn % 3 == 1:
            with pytest.raises(CodesNotAsked):
                await job(at_work, "sync_codes", limit=2)
        else:
            await job(at_work, "sync_codes", limit=2)
        turns.append([name[-1] for name in records.asked])
    assert turns == [["A", "B"], ["C", "D"], ["E"]] * 2
