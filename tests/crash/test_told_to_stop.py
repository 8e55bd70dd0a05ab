"""A worker is told to stop in the middle of the real click: with time enough it ends the click, else leaves it open."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from adapters.browser.chromium_search import Found
from tests.crash.campaign import shortcomings
from tests.crash.play import Play, playing
from tests.crash.stage import PERSON, stage
from tests.crash.stories import STORIES
from tests.crash.test_chromium_killed import PATIENCE, confirmed, descendants, sealed, survivors
from tests.schedules.office import definition
from tests.worker.processes import ROOT, ask
from workflow.record.values import OPEN

pytestmark = pytest.mark.browser

STORY = next(story for story in STORIES if story.name.startswith("institution")).without_forces()
CELERY = ("celery", "-A", "worker", "worker", "-Q", "http,browser", "--loglevel", "WARNING")
IN_TIME = 20.0
"""Less than a step of the browser may take, so that it was not this deadline that ended the click."""
ALONE = ("tests.worker.alone", "http,browser")


@dataclass
class Clicking:
    """A case whose confirmation has reached the bureau, which does not answer yet."""

    play: Play
    people: httpx.AsyncClient
    process: subprocess.Popen[bytes]
    family: dict[int, str]

    async def told(self, to_stop: signal.Signals) -> int:
        """What the process ends with; no Chromium of it is left."""
        if to_stop is signal.SIGINT:
            os.killpg(self.process.pid, to_stop)  # as a terminal does it: the driver and Chromium hear of it too
        else:
            self.process.send_signal(to_stop)
        code = await asyncio.to_thread(self.process.wait, IN_TIME)
        assert await asyncio.to_thread(survivors, self.family) == {}
        return code

    async def is_settled(self) -> None:
        """Whoever comes next finds out what became of the click, and nothing was filed twice."""
        await self.play.to_its_end()
        assert await shortcomings(self.play) == []
        assert await confirmed(self.people) == 1


@asynccontextmanager
async def clicking(
    chromium: Found, folder: Path, fault: dict[str, object], command: tuple[str, ...], grace: int
) -> AsyncIterator[Clicking]:
    with stage() as on:
        async with (
            playing(STORY, folder / "play", on) as play,
            httpx.AsyncClient(base_url=on.address, headers=[PERSON], trust_env=False) as people,
        ):
            await play.to_its_end(until=sealed)
            fault = {"operation": "confirm", "object": STORY.title, **fault}
            (await people.post("/control/faults", json=fault)).raise_for_status()
            new = definition(name="seals", target="sweep copyright.awaiting_seal", timing="0 0 3 1 1 ?")
            seals = await play.record.timetable("person:clerk").add(new)
            environ = environment(play, chromium) | {"CASEWARD_GRACE_SECONDS": str(grace)}
            with started(command, environ, folder) as process:
                await ask(play.record.store, seals)
                async with asyncio.timeout(PATIENCE):
                    while not await confirmed(people):
                        assert process.poll() is None, (folder / "words").read_text()
                yield Clicking(play, people, process, descendants(process.pid))


def environment(play: Play, chromium: Found) -> dict[str, str]:
    record = play.record
    installed = record.systems.of("copyright")
    assert installed is not None
    said = {installed.system.variables[name]: value for name, value in dict(installed.settings).items()}
    given = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value) for name, value in said.items()
    }
    folder = str(record.settings.data_dir)
    found = {"CASEWARD_DATA_DIR": folder, "CASEWARD_CHROMIUM": chromium.executable or "", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **given, **found}


@contextmanager
def started(command: tuple[str, ...], environ: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "words").open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


async def test_with_time_enough_the_click_comes_to_its_end_and_is_on_record(chromium: Found, tmp_path: Path) -> None:
    slow = {"kind": "slow", "seconds": 5.0}
    async with clicking(chromium, tmp_path, slow, CELERY, grace=60) as found:
        assert await found.told(signal.SIGTERM) == 0
        row = await found.play.case()
        assert row.claim.state == "submitted"
        assert [effect.action for effect in row.claim.effects if effect.status in OPEN] == []
        await found.is_settled()


@pytest.mark.parametrize(
    ("command", "to_stop"), [(CELERY, signal.SIGTERM), (ALONE, signal.SIGINT)], ids=["celery", "alone"]
)
async def test_without_it_the_click_stays_open_and_the_next_worker_settles_it(
    chromium: Found, tmp_path: Path, command: tuple[str, ...], to_stop: signal.Signals
) -> None:
    hang = {"kind": "hang", "applied": True}
    async with clicking(chromium, tmp_path, hang, command, grace=1) as found:
        assert await found.told(to_stop) == 0
        row = await found.play.case()
        assert row.claim.state == "awaiting_seal"
        assert not row.claim.owner
        assert [effect.action for effect in row.claim.effects if effect.status in OPEN] == ["confirm"]
        await found.is_settled()
