"""The jobs beside sweeps, and the schedules that an installation begins with."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.default_schedules import default_schedules, put_defaults
from caseward.app.installation import Record, open_record
from tests.systems import LABELS, SYSTEMS
from workflow.clock import SetClock
from workflow.errors import NotSent
from workflow.record.anchors import read_anchors
from workflow.record.values import Commit, Message
from workflow.scheduler.jobs import AuditFailed, JobContext, Probe
from workflow.schedules.targets import Parameters
from workflow.settings import read_settings
from workflow.store import NewCase
from workflow.testing import MORNING


@dataclass
class Answering:
    """A remote that answers as long as it is up."""

    name: str
    up: bool = True

    async def ask(self) -> None:
        if not self.up:
            raise NotSent(self.name, "health", "no connection")


@pytest.fixture
def portal() -> Answering:
    return Answering("portal")


@pytest.fixture
async def record(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Record]:
    url = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)
    async with open_record(read_settings(data_dir=tmp_path / "data", database_url=url)) as opened:
        yield opened


@pytest.fixture
def office(record: Record, portal: Answering) -> JobContext:
    """No codes and no texts come up here."""
    return JobContext(
        record.store,
        SetClock(MORNING),
        record.plans,
        record.settings.anchors,
        "worker",
        timedelta(seconds=60),
        probes=[Probe("portal", portal.ask), Probe("sms", Answering("sms").ask)],
    )


async def job(office: JobContext, name: str, **given: int | bool) -> dict[str, int]:
    kind = SYSTEMS.jobs[name]
    assert kind.does is not None
    return dict(await kind.does(office, kind.parameters.model_validate(given)))


async def opened(office: JobContext, count: int = 2) -> list[str]:
    new = [NewCase("copyright", 1, "RZ", "generating", {"title": "A"}) for _ in range(count)]
    created = await office.store.create(new, actor="person:clerk", reason=None, now=await office.clock.business())
    return [one.case for one in created]


async def test_how_the_remotes_are_is_kept_as_runs_of_equal_answers(office: JobContext, portal: Answering) -> None:
    assert await job(office, "adapter_health") == {"up": 2, "down": 0}
    await job(office, "adapter_health")
    portal.up = False
    assert await job(office, "adapter_health") == {"up": 1, "down": 1}
    assert [(one.remote, one.status) for one in await office.store.health()] == [("portal", "down"), ("sms", "up")]
    history = await office.store.health_history("portal")
    assert [(one.status, one.count, one.why) for one in history] == [("down", 1, "no connection"), ("up", 2, None)]


async def test_a_question_that_fails_by_itself_says_that_its_remote_is_down(office: JobContext) -> None:
    """It ended the job: no answer was kept, of the others neither, and the remote stayed "up"."""

    async def ask() -> None:
        raise KeyError("the answer has no status")

    at_work = replace(office, probes=[Probe("counter", ask), *office.probes])
    assert await job(at_work, "adapter_health") == {"up": 2, "down": 1}
    health = {one.remote: (one.status, one.why) for one in await office.store.health()}
    assert health == {
        "counter": ("down", "KeyError: 'the answer has no status'"),
        "portal": ("up", None),
        "sms": ("up", None),
    }


async def test_an_audit_of_a_sound_record_sets_an_anchor(office: JobContext) -> None:
    cases = await opened(office)
    assert await job(office, "audit") == {"cases": 2, "events": 2}
    (anchor,) = office.anchors.read_text().splitlines()
    assert {case for case, _, _ in json.loads(anchor)["heads"]} == set(cases)
    assert await job(office, "audit") == {"cases": 0, "events": 0}
    assert await job(office, "audit", whole=True) == {"cases": 2, "events": 2}
    assert read_anchors(office.anchors, office.store.vault.chain).count == 1, "nothing changed since"


@pytest.mark.parametrize(
    ("harm", "invariant"),
    [
        ("UPDATE cases SET due_at = NULL", "I2"),
        ("UPDATE cases SET state = 'submitted'", "I3"),
        ("UPDATE events SET actor = 'person:nobody'", "I4"),
    ],
)
async def test_an_audit_tells_what_does_not_hold_by_an_incident(office: JobContext, harm: str, invariant: str) -> None:
    await opened(office, 1)
    await job(office, "audit")
    async with office.store.engine.begin() as connection:
        await connection.execute(text(harm))
    for whole in (True, False, True):  # the whole one finds it, and then the hourly one looks at the case as well
        with pytest.raises(AuditFailed, match=invariant):
            await job(office, "audit", whole=whole)
    (incident,) = await office.store.incidents()
    assert (incident.kind, incident.bars) == (f"audit_{invariant}", False)
    assert read_anchors(office.anchors, office.store.vault.chain).count == 1, "what does not hold is not anchored"


async def test_a_rewritten_case_is_told_by_its_anchor(office: JobContext) -> None:
    (case,) = await opened(office, 1)
    await job(office, "audit")
    async with office.store.engine.begin() as connection:
        await connection.execute(text("DELETE FROM events"))
        await connection.execute(text("DELETE FROM cases"))
    assert case
    with pytest.raises(AuditFailed, match="is gone"):
        await job(office, "audit", whole=True)


async def test_the_default_schedules_are_put_there_once(record: Record) -> None:
    assert await put_defaults(record) == 17
    assert await put_defaults(record) == 0
    await record.timetable("person:clerk").delete("fill_center_ids", "nobody wants it")
    assert await put_defaults(record) == 0, "what was deleted stays deleted"
    rows = {row.definition.name: row.definition for row in await record.store.schedules()}
    assert len(rows) == 16
    assert rows["submitted"].recheck == timedelta(hours=24)
    assert rows["submitted"].batch == -1
    assert rows["unprocessed"].calendar == "bureau"


def test_every_default_schedule_has_a_name_in_both_languages() -> None:
    names = [definition.name for definition in default_schedules(SYSTEMS, "Asia/Shanghai")]
    assert names == list(LABELS)
    assert all(chinese != english for chinese, english in LABELS.values())


def test_the_registrations_timings_are_the_sources_own() -> None:
    timings = {one.name: one.timing for one in default_schedules(SYSTEMS, "Asia/Shanghai")}
    assert timings["keep_sessions"] == timings["unprocessed"] == "0 0/10 * * * ?"
    assert timings["submitted"] == "0 0/30 * * * ?"
    assert timings["adapter_health"] == "every 30 s"


def test_every_job_takes_parameters_of_its_own_kind() -> None:
    assert all(issubclass(kind.parameters, Parameters) for kind in SYSTEMS.jobs.values())


class Gateway:
    """Takes every text and delivers none."""

    async def send(self, to: str, text: str, reference: str) -> str:
        return "M0000001"

    async def delivered(self, number: str) -> bool | None:
        return number != "M0000001"


class Recorder(Gateway):
    """Remembers what it sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, to: str, text: str, reference: str) -> str:
        self.sent.append(to)
        return "E1"


async def test_each_notice_goes_out_by_the_channel_that_it_names(office: JobContext) -> None:
    channels = {"sms": Recorder(), "email": Recorder()}
    at_work = replace(office, channels=channels)
    (case, *_) = await opened(at_work)
    notices = (
        Message("filed_notice", "o1", "13800138000", "text"),
        Message("paid_notice", "o2", "ada@example.com", "text", channel="email"),
    )
    told = Commit(guard="version", messages=notices)
    await office.store.command(case, None, lambda _: told, now=MORNING, real=await office.clock.real())
    assert await job(at_work, "notices") == {"sent": 2}
    assert {name: one.sent for name, one in channels.items()} == {"sms": ["13800138000"], "email": ["ada@example.com"]}


async def test_the_job_that_sends_also_asks_whether_it_arrived(office: JobContext) -> None:
    clock = SetClock(MORNING)
    at_work = replace(office, channels={"sms": Gateway()}, clock=clock)
    (case, *_) = await opened(at_work)
    told = Commit(guard="version", messages=(Message("filed_notice", "o1", "13800138000", "text"),))
    await office.store.command(case, None, lambda _: told, now=MORNING, real=await clock.real())
    assert await job(at_work, "notices") == {"sent": 1}
    clock.advance(timedelta(hours=1))
    assert await job(at_work, "notices") == {"undelivered": 1}
    assert [(one.kind, one.bars) for one in await office.store.incidents()] == [("notice_undelivered", False)]
