"""A record of before a case had accounts at several remotes: it is migrated, its seals hold, and its cases go on."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.servers import database_of_its_own
from tests.store.desk import Desk
from workflow.clock import SetClock
from workflow.engine.audit import audit
from workflow.record.columns import json_text
from workflow.record.database import open_database
from workflow.record.migrations import migrate
from workflow.record.seals import _as_stored
from workflow.record.tables import cases
from workflow.record.values import Commit
from workflow.record.vault import Vault
from workflow.store import Store
from workflow.store.seals import stored

SEALED = (
    *("id", "number", "flow", "flow_version", "state", "data", "round", "seq", "head", "subject", "origin"),
    *("opened_at", "entered_at", "account", "decision", "decisions", "due_at", "queue", "auto", "held", "deferred"),
    *("barred", "final", "failures", "crash_count", "check_digest", "check_first", "check_last", "check_count"),
    *("check_body", "effects_written", "beside_written"),
)
"""The columns under a case's seal at 0016, in their order."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def older(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database of its own, since a column is taken out of it."""
    address = f"sqlite:///{tmp_path / 'caseward.db'}"
    if request.param == "postgres":
        address = await database_of_its_own(request.getfixturevalue("postgres_url"), f"older_{uuid4().hex}")
    engine = open_database(address)
    await migrate(engine)
    yield engine
    await engine.dispose()


async def sealed_as_then(engine: AsyncEngine, vault: Vault) -> None:
    """The schema and the seals as 0016 left them."""
    name, key = vault.chain.newest, vault.chain.keys[vault.chain.newest]
    async with engine.begin() as connection:
        for row in (await connection.execute(stored(cases))).mappings().all():
            said: list[Any] = ["cases", *(_as_stored(cases.c[column], row[column]) for column in SEALED)]
            seal = hmac.digest(key, b"row" + json_text(said).encode(), "sha256").hex()[:32]
            await connection.execute(update(cases).where(cases.c.id == row["id"]).values(seal=f"{name}.{seal}"))
        await connection.execute(text("ALTER TABLE cases DROP COLUMN accounts"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0016'"))


async def test_an_older_record_goes_on_with_its_seals_and_its_accounts(
    older: AsyncEngine, vault: Vault, tmp_path: Path
) -> None:
    desk = Desk(Store(older, vault, "test"))
    ada = await desk.store.add_account("portal", "ada", "pass")
    bank = await desk.store.add_account("bank", "teller", "pass")
    (created,) = await desk.open(account=ada, queue="browser")
    await sealed_as_then(older, vault)
    assert await migrate(older) == "0016"
    clock = SetClock(desk.now)
    assert (await audit(desk.store, clock, tmp_path / "anchors")).findings == ()
    seat = await desk.seat()
    assert seat is not None
    assert seat.account == ada
    (claim,) = await desk.claim(queue="browser", seat=seat)
    claim = await desk.commit(claim, Commit(guard="version", seat="bank", release=True))
    assert (claim.account, claim.accounts) == (None, {"portal": ada})
    claim = await desk.command(created.case, Commit(guard="version", account=bank))
    assert (claim.account, claim.accounts) == (bank, {"portal": ada})
    desk.pass_time(timedelta(minutes=5))
    assert (await audit(desk.store, clock, tmp_path / "anchors")).findings == ()


@pytest.mark.parametrize("changed", [None, '{"bank":"another"}'])
async def test_accounts_that_another_hand_changed_show(
    older: AsyncEngine, vault: Vault, tmp_path: Path, changed: str | None
) -> None:
    desk = Desk(Store(older, vault, "test"))
    bank = await desk.store.add_account("bank", "teller", "pass")
    (created,) = await desk.open(accounts={"bank": bank})
    assert (await audit(desk.store, SetClock(desk.now), tmp_path / "anchors")).findings == ()
    async with older.begin() as connection:
        await connection.execute(text("UPDATE cases SET accounts = :changed, unaudited = true"), {"changed": changed})
    found = (await audit(desk.store, SetClock(desk.now), tmp_path / "anchors")).findings
    assert [(one.number, one.invariant) for one in found] == [(created.number, "I8")]
