"""Codes that nobody fills in: two reminders, two days apart, then a person; over when the code is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.code_records import CodeRecords, FilledCode, FilledCodes
from states.copyright.reminders import EVERY, REMINDERS
from states.copyright.values import OwnersOfRound
from tests.flows.matters import people
from tests.systems import behind
from tests.worker.test_jobs import job, office, portal, record  # noqa: F401 - fixtures
from workflow.clock import SetClock
from workflow.record.values import Commit, Effect, EffectStatus, Entry, Epoch
from workflow.scheduler.jobs import JobContext
from workflow.store import NewCase

HOUR = timedelta(hours=1)


class Records:
    """The record system, with the codes that were filled in."""

    def __init__(self, filled: Sequence[FilledCode] = ()) -> None:
        self.filled = tuple(filled)

    async def codes(self, title: str, version: str) -> FilledCodes:
        return FilledCodes(self.filled, ())


async def waiting(office: JobContext) -> str:  # noqa: F811
    """A matter of three owners, each of whom a code was just asked for."""
    data = people(codes_wanted=OwnersOfRound(round=0, owners=("o1", "o2", "o3"))).model_dump(mode="json")
    now = await office.clock.business()
    new = NewCase("copyright", 1, "RZ", "awaiting_captcha", data)
    (made,) = await office.store.create([new], actor="person:clerk", reason=None, now=now)
    await ask(office, made.case, 1)
    return made.case


async def ask(office: JobContext, case: str, count: int, owners: Sequence[str] = ("o1", "o2", "o3")) -> None:  # noqa: F811
    now, real = await office.clock.business(), await office.clock.real()
    common: dict[str, Any] = {"round": 0, "decision": 1, "attempt": 1, "epoch": Epoch(0, 0), "process": "p"}
    effects = tuple(
        Effect(
            key=f"{owner}{count}", action="request_code", item_id=f"{owner}/{count}",
            item={"id": f"{owner}/{count}", "owner": owner, "count": count},
            status=EffectStatus.done, intended_at=now, **common,
        )
        for owner in owners
    )  # fmt: skip
    commit = Commit(guard="version", effects=effects)
    await office.store.command(case, None, lambda _: commit, now=now, real=real)


async def told(office: JobContext, case: str) -> list[tuple[str, str]]:  # noqa: F811
    return [(one.occasion, one.recipient) for one in await office.store.messages_of(case)]


async def kinds(office: JobContext) -> list[str]:  # noqa: F811
    return [one.kind for one in await office.store.incidents()]


def clock_of(office: JobContext) -> SetClock:  # noqa: F811
    assert isinstance(office.clock, SetClock)
    return office.clock


async def test_two_reminders_then_a_person_and_over_when_the_codes_are_there(office: JobContext) -> None:  # noqa: F811
    case, here = await waiting(office), replace(office, remotes=behind(CodeRecords, Records()))
    for hours in range(0, 24 * 20, 6):
        await job(here, "sync_codes")
        lasted = timedelta(hours=hours)
        count = min(lasted // EVERY, REMINDERS)
        assert len(await told(office, case)) == 3 * count
        assert await kinds(office) == (["codes_unanswered"] if lasted // EVERY > REMINDERS else [])
        clock_of(office).advance(6 * HOUR)
    assert [occasion for occasion, owner in await told(office, case) if owner == "o1"] == [
        "code_reminder/1.1",
        "code_reminder/1.2",
    ]
    events = await office.store.events(case)
    assert [one.kind for one in events].count("noted") == REMINDERS
    (incident,) = await office.store.incidents()
    assert len(incident.seen["owners"]) == 3
    assert not incident.bars

    await ask(office, case, 2)
    await job(here, "sync_codes")
    assert await kinds(office) == [], "they were asked anew"
    clock_of(office).advance(EVERY)
    await job(here, "sync_codes")
    assert ("code_reminder/2.1", "o1") in await told(office, case)


async def test_nobody_is_reminded_by_a_text_that_names_a_page_nobody_has_set(office: JobContext) -> None:  # noqa: F811
    """An owner would be sent to an address that is an example."""
    case, lacking = await waiting(office), {"copyright": {"code_reminder": ("CASEWARD_CODES_URL",)}}
    here = replace(office, remotes=behind(CodeRecords, Records()))
    clock_of(office).advance(EVERY)
    await job(replace(here, unsaid=lacking), "sync_codes")
    assert await told(office, case) == []
    await job(here, "sync_codes")
    assert len(await told(office, case)) == 3


async def test_who_filled_it_in_is_not_reminded(office: JobContext) -> None:  # noqa: F811
    case = await waiting(office)
    now = await office.clock.business()
    owners = people().owners
    filled = [FilledCode("C1", owners[0].mobile or "", "482913", now + HOUR)]
    await job(replace(office, remotes=behind(CodeRecords, Records(filled))), "sync_codes")
    clock_of(office).advance(EVERY)
    await job(replace(office, remotes=behind(CodeRecords, Records(filled))), "sync_codes")
    assert sorted(owner for _, owner in await told(office, case)) == ["o2", "o3"]


async def test_a_case_that_is_held_reminds_nobody_and_one_that_went_on_closes_what_was_open(
    office: JobContext,  # noqa: F811
) -> None:
    case, here = await waiting(office), replace(office, remotes=behind(CodeRecords, Records()))
    now, real = await office.clock.business(), await office.clock.real()
    hold = Commit(guard="version", entries=(Entry("held", {"reason": "wait"}, "person:a"),), held="wait")
    await office.store.command(case, None, lambda _: hold, now=now, real=real)
    clock_of(office).advance(EVERY)
    await job(here, "sync_codes")
    assert await told(office, case) == []

    clock_of(office).advance(EVERY * (REMINDERS + 1))
    await job(here, "sync_codes")
    assert await kinds(office) == ["codes_unanswered"]
    moved = Commit(guard="version", state="awaiting_seal")
    await office.store.command(case, None, lambda _: moved, now=now, real=real)
    await job(here, "sync_codes")
    assert await kinds(office) == []
