"""A queue that a system names and no worker serves is told by its name, with the command that serves it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from caseward.app.default_schedules import put_defaults
from caseward.app.installation import Record, open_record
from tests.console.transcripts import spoken
from tests.engine.letters import Letter
from workflow.schedules.due_instants import Row
from workflow.settings import read_settings
from workflow.store import NewCase

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def post(monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    """A record of the post office with a letter, a beat, a worker of one queue, and a run that waits for another's."""
    monkeypatch.setenv("CASEWARD_APP", "tests.worker.post:POST")
    monkeypatch.setenv("COLUMNS", "200")
    within(begun)


def within(work: Callable[[Record], Awaitable[None]]) -> None:
    async def opened() -> None:
        async with open_record(read_settings()) as record:
            await work(record)

    asyncio.run(opened())


async def begun(record: Record) -> None:
    now, real = await record.clock.business(), await record.clock.real()
    await put_defaults(record)
    new = NewCase("letters", 1, "LT", "written", Letter().model_dump(mode="json"), queue="slow", due_at=now)
    await record.store.create([new], actor="person:clerk", reason=None, now=now)
    schedule, row = await record.store.schedule("letters.written"), Row(now - 2 * MINUTE, now - 2 * MINUTE)
    made = real - 20 * MINUTE
    assert await record.store.win(
        schedule, [row], next_run_at=now + MINUTE, queue="slow", actor="office/beat", real=made
    )
    await alive(record, "office/beat", "beat")
    await alive(record, "office/1", "worker", "http")


async def alive(record: Record, process: str, kind: str, *queues: str) -> None:
    await record.store.heartbeat(process, kind, queues=queues, doing={}, real=await record.clock.real())


def served() -> None:
    async def slow(record: Record) -> None:
        await alive(record, "office/2", "worker", "slow")

    within(slow)


def test_case_why_names_the_queue_and_what_serves_it() -> None:
    found = json.loads(spoken(["case", "why", "LT-0001", "--json"])[1])
    assert (found["reason"], found["detail"]["queue"], found["cure"]) == (
        "no_worker",
        "slow",
        "caseward worker -Q slow",
    )
    served()
    assert json.loads(spoken(["case", "why", "LT-0001", "--json"])[1])["reason"] != "no_worker"


@pytest.mark.parametrize(("language", "told"), [("en", "no worker serves queue slow"), ("zh", "队列 slow")])
def test_the_list_of_schedules_names_the_queue_and_what_serves_it(language: str, told: str) -> None:
    _, _, err = spoken(["--lang", language, "schedule", "list"])
    assert told in err
    assert "caseward worker -Q slow" in err
    served()
    assert "slow" not in spoken(["--lang", language, "schedule", "list"])[2]


def test_doctor_names_every_queue_that_nobody_serves() -> None:
    def workers() -> dict[str, object]:
        rows = json.loads(spoken(["doctor", "--json"])[1])["data"]
        return next(row for row in rows if row["check"] == "workers")

    assert workers()["cure"] == {"en": "caseward worker -Q slow", "zh-CN": "caseward worker -Q slow"}
    assert "none serves queue slow" in str(workers()["said"])
    served()
    assert workers()["mark"] == "well"


def test_a_worker_is_told_a_queue_that_a_system_names() -> None:
    code, _, err = spoken(["--lang", "en", "worker", "-Q", "slov"])
    assert code == 2
    assert "http, slow" in err
