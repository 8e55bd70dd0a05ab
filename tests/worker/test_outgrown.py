"""A process whose record has become newer than it is stops by itself; one that looks seldom is alive all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.installation import open_record
from tests.schedules.office import Office
from tests.worker.errand import House, house
from tests.worker.processes import BEAT, WORKER, celery, environment, until
from workflow.engine.allowance import Allowance
from workflow.errors import SchemaIsNewer
from workflow.record.identity import open_keys
from workflow.record.migrations import NEWEST
from workflow.record.vault import Vault, add_key, open_vault
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import ALIVE, Run
from workflow.sentence import Sentence
from workflow.settings import Settings
from workflow.store import Store

NEWER = text("UPDATE alembic_version SET version_num = '9999'")
SAME = text(f"UPDATE alembic_version SET version_num = '{NEWEST}'")


@pytest.fixture
async def newer(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """Its schema becomes newer in the test, and is as it was after it."""
    yield engine
    async with engine.begin() as connection:
        await connection.execute(SAME)


async def grow(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(NEWER)


@pytest.mark.parametrize(("pool", "code"), [("threads", 1), ("prefork", 0)])
async def test_an_older_worker_ends_by_itself_with_a_word(
    newer: AsyncEngine, tmp_path: Path, pool: str, code: int
) -> None:
    """Of several children the parent knows only that it was told to stop; begun again, it refuses the record."""
    environ = environment(newer, tmp_path)
    with celery((*WORKER, "-P", pool, "-c", "2"), environ, tmp_path, "worker") as process:
        store = Store(newer, await _vault(newer, tmp_path), "test")
        await until(lambda: _kinds(store, "worker"))
        await grow(newer)
        assert process.wait(90) == code
    said = (tmp_path / "worker.log").read_text()
    assert f"the record's schema is version 9999, newer than this code's {NEWEST}" in said
    assert "update Caseward" in said


async def test_an_older_beat_ends_by_itself_with_a_word(newer: AsyncEngine, tmp_path: Path) -> None:
    with celery(BEAT, environment(newer, tmp_path), tmp_path, "beat") as process:
        store = Store(newer, await _vault(newer, tmp_path), "test")
        await until(lambda: _kinds(store, "beat"))
        await grow(newer)
        process.wait(90)
    assert "beat.outgrown" in (tmp_path / "beat.log").read_text()


async def _vault(engine: AsyncEngine, folder: Path) -> Vault:
    keys = folder / "data" / "keys.json"

    async def there() -> bool:
        return keys.exists()

    await until(there)
    return open_vault(keys)


async def _kinds(store: Store, kind: str) -> bool:
    return any(one.kind == kind for one in await store.heartbeats())


@pytest.fixture
async def home(newer: AsyncEngine, store: Store, tmp_path: Path) -> AsyncIterator[House]:
    async with house(Office(store), tmp_path) as found:
        yield found


async def test_nothing_is_begun_by_an_older_process(home: House, newer: AsyncEngine) -> None:
    await home.open(1, ready=True)
    await home.add()
    left: list[bool] = []
    runs = replace(home.runs, leave=lambda: left.append(True))
    await grow(newer)
    await home.office.timetable.run_now("notices")
    await runs.serve()  # ends by itself
    assert (left, runs.stop.asked, isinstance(runs.outgrown, SchemaIsNewer)) == ([True], True, True)
    assert [run.status for run in await home.office.store.runs()] == ["pending"]


async def test_a_run_of_a_process_that_is_outgrown_is_given_back(home: House) -> None:
    """It stayed under way in nobody's hands until its lease ran out, and was lost."""

    async def outgrown(_: Run, allowance: Allowance) -> RunResult:
        await allowance.came_to({"moved": 1})
        raise SchemaIsNewer("the record", Sentence("outgrown", "it is newer"), Sentence("update", "update Caseward"))

    await home.add()
    await home.office.timetable.run_now("notices")
    runs = replace(home.runs, perform=outgrown)
    await runs.serve()  # ends by itself
    await runs.end(timedelta(seconds=5))
    (run,) = await home.office.store.runs()
    assert (run.status, run.owner, run.counts) == ("pending", None, {"moved": 1})


async def test_a_key_that_was_added_ends_who_began_without_it(tmp_path: Path) -> None:
    """What others seal with it he could not open; begun again, he can."""
    async with open_record(Settings(data_dir=tmp_path / "data")) as record:
        assert await record.store.outgrown() is None
        add_key(tmp_path / "data" / "keys.json")
        assert await record.store.outgrown() is None, "nothing is sealed with it yet"
        newest = (await open_keys(record.database, tmp_path / "data" / "keys.json")).chain.newest
        what, cure = await record.store.outgrown() or ("", "")
        assert f"chain/{newest}" in what
        assert "start it again" in cure
    async with open_record(Settings(data_dir=tmp_path / "data")) as record:
        assert await record.store.outgrown() is None


async def test_a_worker_that_looks_seldom_says_all_the_same_that_it_lives(engine: AsyncEngine, tmp_path: Path) -> None:
    """It counted as dead from its thirtieth second on, until its next look."""
    seen: set[datetime] = set()
    environ = environment(engine, tmp_path) | {"CASEWARD_POLL_SECONDS": "3600"}
    with celery(WORKER, environ, tmp_path, "worker"):
        store = Store(engine, await _vault(engine, tmp_path), "test")

        async def three_times() -> bool:
            seen.update(one.seen_at for one in await store.heartbeats() if one.kind == "worker")
            return len(seen) == 3

        await until(three_times)
    first, _, last = sorted(seen)
    assert last - first < ALIVE
