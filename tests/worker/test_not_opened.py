"""A worker or beat that cannot open what it works with says so and ends; none says "ready" and serves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.celery_app import said_plainly
from tests.worker.processes import BEAT, WORKER, celery, environment

SECRET = "token-that-nobody-may-read"


@pytest.mark.parametrize("pool", ["threads", "prefork"])
async def test_a_worker_that_cannot_open_says_so_and_ends(engine: AsyncEngine, tmp_path: Path, pool: str) -> None:
    """Celery swallows what a listener raises: "ready" was the last word, and nothing was ever served."""
    (tmp_path / "data" / "journal.lock").mkdir(parents=True)  # no WorkflowError knows of it
    environ = environment(engine, tmp_path) | {"CASEWARD_SMS_TOKEN": SECRET}
    with celery((*WORKER, "-P", pool), environ, tmp_path, "worker") as process:
        assert process.wait(60) == 1
    said = (tmp_path / "worker.log").read_text()
    assert "process.not_opened" in said
    assert "error: it cannot be opened: IsADirectoryError" in said
    assert SECRET not in said


async def test_a_beat_that_cannot_open_says_so_and_ends(engine: AsyncEngine, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys.json").mkdir(parents=True)
    with celery(BEAT, environment(engine, tmp_path), tmp_path, "beat") as process:
        assert process.wait(60) != 0
    assert "keys.json" in (tmp_path / "beat.log").read_text()


@pytest.mark.parametrize("error", [KeyError("ours"), OSError("no room"), ExceptionGroup("some", [ValueError("one")])])
def test_whatever_is_raised_while_it_opens_ends_the_process(error: Exception) -> None:
    with pytest.raises(SystemExit, match="error: it cannot be opened"), said_plainly():
        raise error
