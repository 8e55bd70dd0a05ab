"""A run that is followed from another terminal: told as it goes, left going by whoever stops looking."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from caseward.app.installation import Record, open_record
from tests.console.conftest import ROOT, Caseward
from tests.console.transcripts import spoken
from workflow.schedules.run import Run
from workflow.sentence import Quote
from workflow.settings import read_settings

# a shell's background job ignores interrupts, and with it all that it starts
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
OWNER = "office/4121/99"


@contextmanager
def followed(*more: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HEARS + "from caseward.cli import main; main()", "schedule", "run", "submitted"]
    with subprocess.Popen(
        [*command, "--follow", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        yield process


async def worked(what: Callable[[Record, Run], Awaitable[object]]) -> None:
    """What a worker does with the run that waits."""
    async with open_record(read_settings()) as record:
        schedule = await record.store.schedule("submitted")
        [run] = await record.store.runs(schedule.id, status="pending")
        await what(record, run)


async def began(record: Record, run: Run) -> Run:
    begun = await record.store.begin(run, owner=OWNER, real=await record.clock.real(), lease=timedelta(minutes=5))
    assert begun is not None
    return begun


async def ended(record: Record, run: Run, error: Quote | None = None) -> None:
    running = await began(record, run)
    await record.store.finish(
        running, {"moved": 1, "waiting": 5}, real=await record.clock.real(), error=Quote(error) if error else None
    )


async def test_a_followed_run_says_who_has_it_and_what_came_of_it(copied: Path) -> None:
    with followed() as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("submitted: a run is asked for")
        assert process.stderr.readline().startswith("no worker serves queue http"), "said at once, not at a time-out"
        assert process.stdout.readline() == "waiting for a worker of queue http\n"
        running: list[Run] = []

        async def begin(record: Record, run: Run) -> None:
            running.append(await began(record, run))

        await worked(begin)
        assert process.stdout.readline() == "running: office/4121\n"
        async with open_record(read_settings()) as record:
            await record.store.finish(running[0], {"moved": 1, "waiting": 5}, real=await record.clock.real())
        rest = process.stdout.read()
        assert process.wait(60) == 0
    assert rest.startswith("finished, ")
    assert rest.endswith(": 1 moved · 5 waiting\n")


async def test_for_programs_it_is_one_object_at_the_end(copied: Path) -> None:
    async with open_record(read_settings()) as record:
        real = await record.clock.real()
        await record.store.heartbeat("office/1", "worker", queues=["http"], doing={}, real=real)
        asked = await record.timetable("person:何清").run_now("submitted", None)
        assert not asked.already
        await ended(record, asked.run)
    with followed("--json") as process:

        async def fail(record: Record, run: Run) -> None:
            await ended(record, run, Quote("NotSent: records: no answer"))

        assert process.stdout is not None
        assert process.stderr is not None
        await until_asked()
        await worked(fail)
        shown = json.loads(process.stdout.read())
        assert (process.wait(60), process.stderr.read()) == (1, "")
    assert (shown["status"], shown["error"], shown["already"]) == ("finished", "NotSent: records: no answer", False)


async def until_asked() -> None:
    async with open_record(read_settings()) as record:
        schedule = await record.store.schedule("submitted")
        while not await record.store.runs(schedule.id, status="pending"):
            pass


async def test_a_run_that_breaks_off_is_an_error_with_its_cause(copied: Path) -> None:
    with followed("--lang", "zh-CN") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()

        async def fail(record: Record, run: Run) -> None:
            await ended(record, run, Quote("NotSent: records: no answer"))

        await worked(fail)
        assert process.wait(60) == 1
        assert "错误：submitted：中断：NotSent: records: no answer" in process.stderr.read()


def test_who_waits_no_longer_than_told_leaves_the_run_going(copied: Path, caseward: Caseward) -> None:
    ran = caseward("schedule", "run", "submitted", "--follow", "--timeout", "0.2")
    assert ran.returncode == 7
    assert ran.stderr.splitlines()[-2:] == [
        "error: submitted: the run is not over within 0.2s, and goes on",
        "  cure: see what comes of it: caseward schedule log submitted",
    ]
    assert json.loads(spoken(["schedule", "log", "submitted", "--json"])[1])["data"][0]["status"] == "pending"


def test_an_interrupt_leaves_the_run_going_and_says_so(copied: Path) -> None:
    with followed() as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        assert process.stdout.readline() == "waiting for a worker of queue http\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert "error: submitted: no longer followed; the run goes on" in process.stderr.read()
    assert json.loads(spoken(["schedule", "log", "submitted", "--json"])[1])["data"][0]["status"] == "pending"


@pytest.mark.usefixtures("on_stage")
@pytest.mark.parametrize("wrong", [("--follow", "--dry"), ("--timeout", "5m"), ("--follow", "--timeout", "soon")])
def test_what_cannot_be_followed_asks_for_no_run(wrong: tuple[str, ...]) -> None:
    before = spoken(["schedule", "log", "submitted", "--json"])[1]
    assert spoken(["schedule", "run", "submitted", *wrong])[0] == 2
    assert spoken(["schedule", "log", "submitted", "--json"])[1] == before
