"""Codes that nobody fills in: two more are asked for, a day apart, then a person is told; never at night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.code_records import CodeRecords, FilledCode, FilledCodes
from states.copyright.desk import TEXTS_A_DAY
from states.copyright.owners import BEIJING, EVERY, REMINDERS
from states.copyright.values import OwnersOfRound
from tests.flows.matters import people
from tests.systems import behind
from tests.worker.test_jobs import job, office, portal, record  # noqa: F401 - fixtures
from workflow.clock import SetClock
from workflow.record.values import Commit, Effect, EffectStatus, Entry, Epoch, Message
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


async def extra(office: JobContext, case: str) -> dict[str, int]:  # noqa: F811
    """By owner, how many codes are to be asked for beside those that were used up."""
    data = (await office.store.case(case)).claim.data
    return dict((data.get("codes_extra") or {}).get("by_owner", {}))


async def kinds(office: JobContext) -> list[str]:  # noqa: F811
    return [one.kind for one in await office.store.incidents()]


def clock_of(office: JobContext) -> SetClock:  # noqa: F811
    assert isinstance(office.clock, SetClock)
    return office.clock


async def test_two_more_codes_are_asked_for_then_a_person_is_told_and_over_when_the_codes_are_there(
    office: JobContext,  # noqa: F811
) -> None:
    case, here = await waiting(office), replace(office, remotes=behind(CodeRecords, Records()))
    known, hours_asked, told_at = 0, [], 0
    for hours in range(0, 24 * 6, 3):
        await job(here, "sync_codes")
        if (now := (await extra(office, case)).get("o1", 0)) > known:
            known = now
            hours_asked.append(hours)
            await ask(office, case, known + 1)
        if not told_at and await kinds(office) == ["codes_unanswered"]:
            told_at = hours
        clock_of(office).advance(3 * HOUR)
    assert hours_asked == [24, 48]
    assert told_at == 72
    assert await extra(office, case) == dict.fromkeys(("o1", "o2", "o3"), REMINDERS)
    (incident,) = await office.store.incidents()
    assert len(incident.seen["owners"]) == 3
    assert not incident.bars
    await ask(office, case, 9)
    await job(here, "sync_codes")
    assert await kinds(office) == [], "they were asked anew"


async def test_nobody_is_sent_another_code_at_night_nor_more_texts_a_day_than_a_phone_has_room_for(
    office: JobContext,  # noqa: F811
) -> None:
    case, here = await waiting(office), replace(office, remotes=behind(CodeRecords, Records()))
    beijing = (await office.clock.business()).astimezone(BEIJING)
    clock_of(office).advance(EVERY + timedelta(hours=26 - beijing.hour))  # two in the morning
    await job(here, "sync_codes")
    assert await extra(office, case) == {}
    clock_of(office).advance(9 * HOUR)
    phone = people().owners[0].mobile or ""
    texts = tuple(Message("filed_notice", f"x{place}", phone, "text") for place in range(TEXTS_A_DAY))
    now, real = await office.clock.business(), await office.clock.real()
    await office.store.command(case, None, lambda _: Commit(guard="version", messages=texts), now=now, real=real)
    await job(here, "sync_codes")
    assert await extra(office, case) == {"o2": 1, "o3": 1}
    clock_of(office).advance(EVERY + HOUR)
    await job(here, "sync_codes")
    assert (await extra(office, case))["o1"] == 1, "the day after it has room"


async def test_who_filled_it_in_is_not_asked_again(office: JobContext) -> None:  # noqa: F811
    case = await waiting(office)
    now = await office.clock.business()
    owners = people().owners
    filled = [FilledCode("C1", owners[0].mobile or "", "482913", now + HOUR)]
    await job(replace(office, remotes=behind(CodeRecords, Records(filled))), "sync_codes")
    clock_of(office).advance(EVERY)
    await job(replace(office, remotes=behind(CodeRecords, Records(filled))), "sync_codes")
    assert sorted(await extra(office, case)) == ["o2", "o3"]


async def test_a_case_that_is_held_asks_nobody_and_one_that_went_on_closes_what_was_open(
    office: JobContext,  # noqa: F811
) -> None:
    case, here = await waiting(office), replace(office, remotes=behind(CodeRecords, Records()))
    now, real = await office.clock.business(), await office.clock.real()
    hold = Commit(guard="version", entries=(Entry("held", {"reason": "wait"}, "person:a"),), held="wait")
    await office.store.command(case, None, lambda _: hold, now=now, real=real)
    clock_of(office).advance(EVERY)
    await job(here, "sync_codes")
    assert await extra(office, case) == {}

    clock_of(office).advance(EVERY * (REMINDERS + 1))
    await job(here, "sync_codes")
    assert await kinds(office) == ["codes_unanswered"]
    moved = Commit(guard="version", state="awaiting_seal")
    await office.store.command(case, None, lambda _: moved, now=now, real=real)
    await job(here, "sync_codes")
    assert await kinds(office) == []
