"""Codes that the job can give to nobody: the operator hears of them, until it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.code_records import CodeRecords, FilledCode, FilledCodes, OddRow
from states.copyright.collection import CodesNotAsked
from states.copyright.values import OwnersOfRound
from tests.flows.matters import people
from tests.systems import behind
from tests.worker.test_jobs import job, office, portal, record  # noqa: F401 - fixtures
from workflow.clock import SetClock
from workflow.errors import Refused
from workflow.record.values import Commit, Effect, EffectStatus, Epoch
from workflow.scheduler.jobs import JobContext
from workflow.sentence import Sentence, recorded
from workflow.store import NewCase
from workflow.testing import MORNING

ODD = OddRow(
    "C7", Sentence("flaw_at", "{place}: {what}", place="code", what=Sentence("flaw_other_form", "it has another form"))
)
FIRST, NOBODYS = "13800400001", "13912340000"


@dataclass
class Records:
    """What was filled in for any title, unless it answers no."""

    odd: tuple[OddRow, ...] = ()
    filled: tuple[FilledCode, ...] = ()
    refuses: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    async def codes(self, title: str, version: str) -> FilledCodes:
        self.asked.append(title)
        if title in self.refuses:
            raise Refused("records", "find_codes", "401: token revoked")
        return FilledCodes(self.filled, self.odd)


async def waiting(office: JobContext, *, at: datetime = MORNING, **changes: Any) -> str:  # noqa: F811
    """The id of a matter whose first owner was asked for a code at this time."""
    wanted = {"codes_wanted": OwnersOfRound(round=0, owners=("o1",)), **changes}
    data = people().model_copy(update=wanted).model_dump(mode="json")
    new = NewCase("copyright", 1, "RZ", "awaiting_captcha", data)
    (one,) = await office.store.create([new], actor="person:clerk", reason=None, now=MORNING)
    asked = Effect(
        key="k1", action="request_code", item_id="o1/1", item={"id": "o1/1", "owner": "o1", "count": 1}, round=0,
        decision=1, attempt=1, status=EffectStatus.done, epoch=Epoch(1, 1), process="p", intended_at=at,
    )  # fmt: skip
    await office.store.command(
        one.case, None, lambda _: Commit(guard="version", effects=(asked,)), now=MORNING, real=MORNING
    )
    return one.case


def filled(number: str, phone: str, *, minutes: int) -> FilledCode:
    return FilledCode(number, phone, "123456", MORNING + timedelta(minutes=minutes))


async def told(office: JobContext) -> Mapping[str, Mapping[str, Any]]:  # noqa: F811
    return {one.kind: one.seen for one in await office.store.incidents()}


async def test_the_operator_hears_of_a_shared_phone_and_of_an_odd_row(office: JobContext) -> None:  # noqa: F811
    owners = tuple(owner.model_copy(update={"phone": FIRST}) for owner in people().owners)
    await waiting(office, owners=owners, codes_wanted=OwnersOfRound(round=0, owners=("o1", "o2", "o3")))
    unreadable = NewCase("copyright", 1, "RZ", "awaiting_captcha", {"title": 7})
    await office.store.create([unreadable], actor="person:clerk", reason=None, now=MORNING)

    records = Records(odd=(ODD,))
    at_work = replace(office, remotes=behind(CodeRecords, records))
    came = await job(at_work, "sync_codes")
    assert (came["unclear"], came["odd_rows"], came["failed"]) == (1, 1, 1)
    await job(at_work, "sync_codes")
    said = await told(office)
    assert said.keys() == {"codes_unclear", "codes_odd"}
    assert said["codes_odd"] == {
        "rows": ["C7"], "why": ODD.why, "sentences": {"why": {"why": recorded(ODD.why)}},
        "round": 0, "asked_at": MORNING.isoformat(),
    }  # fmt: skip
    assert len(said["codes_unclear"]["owners"]) == 3

    records.odd = ()
    await job(at_work, "sync_codes")
    assert list(await told(office)) == ["codes_unclear"], "what is mended is over by itself"


async def test_a_code_of_the_future_is_told_and_the_right_one_beside_it_taken(office: JobContext) -> None:  # noqa: F811
    """It was taken as the newest, handed in, used up, and shadowed each later code for good."""
    case = await waiting(office)
    ahead = filled("C9", FIRST, minutes=60 * 24 * 3650)
    records = Records(filled=(ahead,))
    at_work = replace(office, remotes=behind(CodeRecords, records), clock=SetClock(MORNING + timedelta(minutes=9)))
    assert (await job(at_work, "sync_codes"))["codes"] == 0
    seen = {"rows": ["C9"], "filled_at": ahead.filled_at.isoformat(), "round": 0, "asked_at": MORNING.isoformat()}
    assert await told(office) == {"codes_misdated": seen}
    records.filled = (ahead, filled("C1", FIRST, minutes=5))
    assert (await job(at_work, "sync_codes"))["codes"] == 1
    assert await office.store.code_sources(case, 0) == {"C1"}


async def test_a_code_by_a_clock_that_is_behind_reaches_a_person(office: JobContext) -> None:  # noqa: F811
    await waiting(office)
    at_work = replace(office, remotes=behind(CodeRecords, Records(filled=(filled("C1", FIRST, minutes=-4),))))
    clock = at_work.clock
    assert isinstance(clock, SetClock)
    assert (await job(at_work, "sync_codes"))["codes"] == 0
    clock.advance(timedelta(hours=2))
    await job(at_work, "sync_codes")
    assert list(await told(office)) == ["codes_misdated"]


async def test_a_strangers_phone_is_told_once_and_a_person_may_say_that_it_is_settled(
    office: JobContext,  # noqa: F811
) -> None:
    await waiting(office)
    records = Records(filled=(filled("C1", NOBODYS, minutes=1),))
    at_work = replace(office, remotes=behind(CodeRecords, records))
    for _ in range(2):
        await job(at_work, "sync_codes")
    (one,) = await office.store.incidents()
    assert (one.kind, one.seen["rows"], one.bars) == ("codes_strange", ["C1"], False)
    assert NOBODYS not in str(one.seen), "a phone is a person's"
    await office.store.close_incident(one.id, actor="person:clerk", reason="a joke", now=MORNING, real=MORNING)
    await job(at_work, "sync_codes")
    assert await told(office) == {}, "of the same rows nobody is told again"
    records.filled += (filled("C2", NOBODYS, minutes=2),)
    await job(at_work, "sync_codes")
    assert (await told(office))["codes_strange"]["rows"] == ["C1", "C2"]


async def test_a_phone_of_another_matter_of_this_title_is_nobodys_strange_phone(office: JobContext) -> None:  # noqa: F811
    await waiting(office)
    one, *others = people().owners
    data = people(owners=(one.model_copy(update={"phone": NOBODYS}), *others))
    beside = NewCase("copyright", 2, "RZ", "submitted", data.model_dump(mode="json"), subject=data.matter)
    await office.store.create([beside], actor="person:clerk", reason=None, now=MORNING)
    records = Records(filled=(filled("C1", NOBODYS, minutes=1),))
    await job(replace(office, remotes=behind(CodeRecords, records)), "sync_codes")
    assert await told(office) == {}


async def test_what_is_told_of_codes_is_over_when_the_case_waits_for_none(office: JobContext) -> None:  # noqa: F811
    case = await waiting(office)
    at_work = replace(office, remotes=behind(CodeRecords, Records(odd=(ODD,))))
    await job(at_work, "sync_codes")
    assert list(await told(office)) == ["codes_odd"]
    on = Commit(guard="version", state="awaiting_seal")
    await office.store.command(case, None, lambda _: on, now=MORNING, real=MORNING)
    await job(at_work, "sync_codes")
    assert await told(office) == {}


async def test_a_record_system_that_does_not_answer_fails_the_run_and_closes_nothing(office: JobContext) -> None:  # noqa: F811
    """The log of runs tells what fails run after run; a count in it told nobody for ten days."""
    await waiting(office)
    records = Records(odd=(ODD,))
    at_work = replace(office, remotes=behind(CodeRecords, records))
    await job(at_work, "sync_codes")
    other = await waiting(office, full_name="另一软件")
    records.refuses, records.filled = (records.asked[0],), (filled("C1", FIRST, minutes=0),)
    with pytest.raises(CodesNotAsked, match=r"of 1 cases, RZ-0001 first: Refused: .*token revoked"):
        await job(at_work, "sync_codes")
    first = [(one.number, one.kind) for one in await office.store.incidents()]
    assert ("RZ-0001", "codes_odd") in first, "what was told is not known to be over"
    assert await office.store.code_sources(other, 0) == {"C1"}, "the other case has its code all the same"


async def test_a_code_that_a_wrong_clock_asked_for_is_taken_when_it_comes(office: JobContext) -> None:  # noqa: F811
    """It was asked for in ten years, so that no code could have come after it, and nobody was reminded or told."""
    case = await waiting(office, at=MORNING + timedelta(days=3650))
    records = Records()
    at_work = replace(office, remotes=behind(CodeRecords, records))
    clock = at_work.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(hours=50))
    assert (await job(at_work, "sync_codes"))["reminded"] == 1
    records.filled = (filled("C0", FIRST, minutes=-60), filled("C1", FIRST, minutes=60))
    assert (await job(at_work, "sync_codes"))["codes"] == 1
    assert await office.store.code_sources(case, 0) == {"C1"}
