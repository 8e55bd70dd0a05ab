"""A worker or beat that cannot open what it works with says so and ends; none says "ready" and serves nothing."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.celery_app import said_plainly
from caseward.app.default_schedules import put_defaults
from caseward.app.installation import open_record
from tests.servers import database_of_its_own
from tests.worker.processes import BEAT, WORKER, celery, environment
from workflow.record.database import open_database
from workflow.settings import read_settings

SECRET = "token-that-nobody-may-read"


@pytest.mark.parametrize("pool", ["threads", "prefork"])
async def test_a_worker_that_cannot_open_says_so_and_ends(engine: AsyncEngine, tmp_path: Path, pool: str) -> None:
    """Celery swallows what a listener raises: "ready" was the last word, and nothing was ever served."""
    (tmp_path / "data" / "journal.lock").mkdir(parents=True)  # no WorkflowError knows of it
    environ = environment(engine, tmp_path) | {"CASEWARD_COPYRIGHT_SMS_TOKEN": SECRET}
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


@pytest.mark.parametrize("what", [(*WORKER, "-P", "threads"), BEAT], ids=["worker", "beat"])
async def test_who_would_work_on_a_replica_says_so_and_ends(
    postgres_url: str, tmp_path: Path, what: tuple[str, ...]
) -> None:
    """All that is asked when it opens is answered; the first write would fail, and each one after it."""
    name = f"replica_{uuid4().hex}"
    engine = open_database(await database_of_its_own(postgres_url, name))
    environ = environment(engine, tmp_path)
    given = {"data_dir": Path(environ["CASEWARD_DATA_DIR"]), "database_url": environ["CASEWARD_DATABASE_URL"]}
    async with open_record(read_settings(**given)) as record:
        await put_defaults(record)
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await engine.dispose()
    with celery(what, environ, tmp_path, "process") as process:
        assert process.wait(60) != 0
    said = (tmp_path / "process.log").read_text()
    assert "it is read-only; point CASEWARD_DATABASE_URL at the primary" in said


@pytest.mark.parametrize("error", [KeyError("ours"), OSError("no room"), ExceptionGroup("some", [ValueError("one")])])
def test_whatever_is_raised_while_it_opens_ends_the_process(error: Exception) -> None:
    with pytest.raises(SystemExit, match="error: it cannot be opened"), said_plainly():
        raise error
