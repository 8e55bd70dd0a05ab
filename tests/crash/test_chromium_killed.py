"""The worker is killed in the middle of the real click: nothing of Chromium stays, and nothing is filed twice."""

from __future__ import annotations

import asyncio
import os
import select
from functools import partial
from pathlib import Path

import httpx
import pytest

from adapters.browser.chromium_search import Found
from tests.crash.campaign import shortcomings
from tests.crash.chromium_worker import work_in_chromium
from tests.crash.play import Killed, Worker, playing
from tests.crash.stage import PERSON, stage
from tests.crash.stories import STORIES
from workflow.store import CaseRow

pytestmark = pytest.mark.browser

INSTITUTION = next(story for story in STORIES if story.name.startswith("institution"))
PATIENCE = 60.0


def sealed(row: CaseRow) -> bool:
    """Everything lies ready for the seal page to be uploaded and the filing to be confirmed."""
    return row.claim.state == "awaiting_seal" and row.claim.data["seal_page"] is not None


async def test_a_worker_killed_during_the_confirmation_leaves_no_chromium_and_one_filing(
    chromium: Found, tmp_path: Path
) -> None:
    with stage() as on:
        story = INSTITUTION.without_forces()
        async with playing(story, tmp_path / "play", on) as play:
            await play.to_its_end(until=sealed)
            people = httpx.AsyncClient(base_url=on.address, headers=[PERSON], trust_env=False)
            fault = {"operation": "confirm", "kind": "hang", "object": story.title, "applied": True}
            (await people.post("/control/faults", json=fault)).raise_for_status()

            worker = Worker(play.orders(), partial(work_in_chromium, chromium))
            asked = asyncio.create_task(worker.ask("round"))
            async with asyncio.timeout(PATIENCE):
                while not await confirmed(people) and not asked.done():
                    pass
            family = descendants(worker.pid)
            assert any("chrom" in name for name in family.values())
            os.kill(worker.pid, 9)
            with pytest.raises(Killed):
                await asked
            assert await asyncio.to_thread(survivors, family) == {}

            play.lease_runs_out()
            await play.to_its_end()
            assert await shortcomings(play) == []
            assert await confirmed(people) == 1
            await people.aclose()


async def confirmed(people: httpx.AsyncClient) -> int:
    judgement = (await people.get("/control/judgement")).json()
    return int(judgement["operations"]["confirm"]["applied"])


def descendants(pid: int) -> dict[int, str]:
    """Every process below this one, with its name."""
    parents: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                name, _, rest = (folder / "stat").read_text(errors="replace").partition("(")[2].rpartition(")")
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(folder.name)] = int(rest.split()[1]), name
    below: dict[int, str] = {}
    while fresh := {one for one, (above, _) in parents.items() if above in {pid, *below} and one not in below}:
        below |= {one: parents[one][1] for one in fresh}
    return below


def survivors(family: dict[int, str]) -> dict[int, str]:
    """Who is still there when everybody had time to go."""
    left = {}
    for pid, name in family.items():
        try:
            watched = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        if not poll.poll(PATIENCE * 1000):
            left[pid] = name
        os.close(watched)
    return left
