"""The simulated outside on a thread of its own: what kills the thread does not end it."""

from __future__ import annotations

import ctypes
import json
import threading
from pathlib import Path

from structlog.testing import capture_logs

from caseward.demonstration.outside import free_port, running
from tests.worker.processes import ROOT, until

WORLD = ROOT / "states" / "copyright" / "samples" / "world.json"
WITHIN = 15.0


async def test_the_outside_comes_back_when_its_thread_dies(tmp_path: Path) -> None:
    world = json.loads(WORLD.read_text("utf-8"))
    others = set(threading.enumerate())  # another test's outside may have a thread of this name
    async with running(tmp_path / "outside", world, free_port(0)) as outside:
        before = await outside.now()
        (thread,) = [one for one in threading.enumerate() if one.name == "sandbox" and one not in others]
        with capture_logs() as told:

            async def died() -> bool:
                """It is thrown again until it was told: what arrives inside a `__del__` is lost."""
                if any(one["event"] == "thread.died" and one["thread"] == "sandbox" for one in told):
                    return True
                ident = ctypes.c_ulong(thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(SystemExit))
                return False

            await until(died, WITHIN)
        assert await outside.now() >= before
        assert thread.is_alive()
