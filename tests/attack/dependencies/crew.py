"""A worker and a beat as operators start them, with a matter that falls due again and again, and who judges them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.attack.dependencies.broker import pause
from tests.worker.processes import BEAT, WORKER, add, celery
from tests.worker.silence import take_in_registration
from workflow.store import Store

EVERY = "every 2 s"
SWEPT = "sweep copyright.unprocessed,generating"
SEEN = 0.2
"""Seconds between two looks of the judge."""


@dataclass
class Crew:
    """Both processes, and the judge's own way into the database: past whatever lies between it and them."""

    judge: AsyncEngine
    processes: dict[str, subprocess.Popen[bytes]]
    folder: Path
    died: list[str] = field(default_factory=list)

    async def claimed_within(self, longest: float) -> float | None:
        """The matter falls due now: the seconds until somebody claims it. None: nobody did.

        Whoever still holds it then, and never gives it back, makes it late as well.
        """
        before, begun, fell = 0, time.monotonic(), False
        while time.monotonic() - begun < longest and not self.dead():
            if not fell:
                fell, before = await self._fell_due(), await self._epoch()
            elif await self._epoch() > before:
                return time.monotonic() - begun
            await pause(SEEN)
        return None

    def dead(self) -> list[str]:
        return [f"{name} ended with {one.returncode}" for name, one in self.processes.items() if one.poll() is not None]

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def end(self, within: float) -> dict[str, float | None]:
        """SIGTERM to each; the seconds until it was gone. None: it was not."""
        took: dict[str, float | None] = {}
        for name, process in self.processes.items():
            begun = time.monotonic()
            process.terminate()
            try:
                process.wait(within)
                took[name] = time.monotonic() - begun
            except subprocess.TimeoutExpired:
                took[name] = None
        return took

    async def _fell_due(self) -> bool:
        """Not while somebody holds it, who would write the next due time over ours."""
        fall = f"UPDATE cases SET due_at = opened_at, deferred = NULL, failures = 0 WHERE owner IS NULL AND {FIRST}"
        async with self.judge.begin() as connection:
            return bool((await connection.execute(text(fall))).rowcount)

    async def _epoch(self) -> int:
        async with self.judge.connect() as connection:
            return int((await connection.execute(text(f"SELECT epoch_number FROM cases WHERE {FIRST}"))).scalar_one())


FIRST = "number = (SELECT min(number) FROM cases)"
"""The matter that falls due again and again; others may stand beside it."""


@asynccontextmanager
async def crew(
    judge: AsyncEngine, store: Store, direct: dict[str, str], folder: Path, environ: dict[str, str] | None = None
) -> AsyncIterator[Crew]:
    """direct: past whatever lies between them and what they depend on; environ: as the processes go, if not so."""
    await take_in_registration(direct)
    await add(store, direct, name="looks", target=SWEPT, timing=EVERY, overlap="skip", misfire="run_once")
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(celery(what, environ or direct, folder, name))
            for name, what in (("worker", WORKER), ("beat", BEAT))
        }
        yield Crew(judge, processes, folder)
