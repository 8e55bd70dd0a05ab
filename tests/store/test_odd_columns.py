"""What another hand put into a column takes nothing else along; what a database's owner set does not either."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.servers import database_of_its_own
from tests.store.desk import START, Desk
from workflow.record.database import open_database
from workflow.record.identity import open_keys
from workflow.record.migrations import migrate
from workflow.store import Store


async def test_a_time_that_is_none_says_nothing_and_harms_nobody(sqlite: AsyncEngine, desk: Desk) -> None:
    if not desk.store.sqlite:
        pytest.skip("PostgreSQL takes no such value")
    beat = {"kind": "worker", "queues": ["http"], "doing": {}, "real": START}
    await desk.store.heartbeat("host/1", **beat)  # type: ignore[arg-type]
    await desk.store.heartbeat("host/2", **beat)  # type: ignore[arg-type]
    async with desk.store.engine.begin() as connection:
        await connection.execute(text("UPDATE heartbeats SET seen_at = 'yesterday' WHERE process = 'host/1'"))
        await connection.execute(text("UPDATE clock SET seen_at = 'yesterday'"))
    assert [one.process for one in await desk.store.heartbeats()] == ["host/2"]
    assert await desk.store.clock_marks() == (None, 0)
    await desk.store.heartbeat("host/2", **beat)  # type: ignore[arg-type]


@pytest.mark.postgres
@pytest.mark.parametrize("set_", ["datestyle = 'SQL, DMY'", "client_encoding = 'SQL_ASCII'", "timezone = 'Asia/Tokyo'"])
async def test_how_a_server_writes_its_dates_and_letters_is_no_matter(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, set_: str
) -> None:
    name = f"odd_{set_.split()[0]}"
    url = await database_of_its_own(postgres_url, name)
    engine = open_database(url)
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER DATABASE {name} SET {set_}"))
    await engine.dispose()
    await migrate(engine)
    desk = Desk(Store(engine, await open_keys(engine, tmp_path_factory.mktemp("keys") / "keys.json"), "test"))
    await desk.open(data={"title": "软件"})
    (claim,) = await desk.claim()
    assert (claim.data, claim.opened_at) == ({"title": "软件"}, START)
    assert await desk.store.verify() is None
    await engine.dispose()
