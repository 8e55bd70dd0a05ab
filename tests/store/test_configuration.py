"""Changes at run time: each a row, none lost, no secret in clear, and what another hand wrote counts for nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from tests.attack.records.record import Original, SetClock, original
from tests.store.desk import Desk
from workflow.engine.audit import audit, inspect_record
from workflow.errors import Conflict
from workflow.record.configuration import Change
from workflow.store.configuration import newest

URL, TOKEN = "CASEWARD_PORTAL_URL", "CASEWARD_SMS_TOKEN"


async def put(desk: Desk, value: Any, name: str = URL, **more: Any) -> Change:
    given = {"actor": "person:clerk", "reason": "it moved", "now": desk.now, **more}
    return await desk.store.put_change("setting", name, value, **given)


async def test_the_newest_version_counts_and_all_of_them_stay(desk: Desk) -> None:
    assert await desk.store.configuration_number() == 0
    first = await put(desk, "https://one.example")
    second = await put(desk, "https://two.example", seen=first.number)
    third = await put(desk, None)
    assert await desk.store.configuration_number() == 3
    kept = await desk.store.changes("setting", URL)
    assert kept == [first, second, third]
    assert [one.version for one in kept] == [1, 2, 3]
    assert newest(kept)[URL].value is None


async def test_who_saw_an_older_version_changes_nothing(desk: Desk) -> None:
    await put(desk, "https://one.example")
    with pytest.raises(Conflict, match="somebody changed it meanwhile"):
        await put(desk, "https://two.example", seen=0)
    assert len(await desk.store.changes()) == 1


async def test_of_many_who_change_different_settings_at_once_each_does(desk: Desk) -> None:
    """One of two was told that somebody changed it meanwhile, who had changed something else."""
    made = await asyncio.gather(*(put(desk, n, name=f"N{n}", seen=0) for n in range(6)))
    kept = await desk.store.changes()
    assert sorted(one.number for one in made) == [one.number for one in kept] == list(range(1, 7))
    assert all(one.sound for one in kept)


async def test_of_many_who_change_one_setting_at_once_one_does(desk: Desk) -> None:
    done = await asyncio.gather(*(put(desk, n, seen=0) for n in range(6)), return_exceptions=True)
    assert [type(one) for one in done if not isinstance(one, Change)] == [Conflict] * 5
    assert len(await desk.store.changes()) == 1


async def test_a_secret_is_encrypted_and_shown_to_nobody(desk: Desk) -> None:
    await put(desk, None, name=TOKEN, secret=SecretStr("very-secret"))
    (kept,) = await desk.store.changes()
    assert kept.secret is not None
    assert kept.secret.get_secret_value() == "very-secret"
    assert "very-secret" not in repr(kept)
    async with desk.store.engine.connect() as connection:
        raw = repr((await connection.execute(text("SELECT * FROM configuration"))).all())
    assert "very-secret" not in raw


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE configuration SET value = '\"https://thief.example\"' WHERE number = 2",
        "UPDATE configuration SET name = 'CASEWARD_PORTAL_URL', version = 9 WHERE number = 3",
        "UPDATE configuration SET actor = 'person:boss' WHERE number = 2",
        "UPDATE configuration SET seal = NULL WHERE number = 2",
    ],
)
async def test_what_another_hand_wrote_counts_for_nothing(desk: Desk, statement: str) -> None:
    await put(desk, "https://one.example")
    await put(desk, "https://two.example")
    await put(desk, "https://sms.example", name="CASEWARD_SMS_URL")
    async with desk.store.engine.begin() as connection:
        await connection.execute(text(statement))
    kept = await desk.store.changes()
    assert [one.sound for one in kept].count(False) == 1
    assert newest(kept)[URL].value in ("https://one.example", "https://two.example")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE configuration SET at = 'some day' WHERE number = 2",
        "UPDATE configuration SET version = 'two' WHERE number = 2",
        "UPDATE configuration SET seal = X'00ff' WHERE number = 2",
        "UPDATE configuration SET secret = 'plain' WHERE number = 2",
    ],
)
async def test_a_spoilt_row_leaves_its_setting_to_be_changed(desk: Desk, statement: str) -> None:
    """Its number counted as seen by nobody, so that each later change was refused."""
    if desk.store.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite keeps whatever is put into a column")
    await put(desk, "https://one.example")
    await put(desk, "https://two.example")
    async with desk.store.engine.begin() as connection:
        await connection.execute(text(statement))
    kept = await desk.store.changes("setting", URL)
    made = await put(desk, "https://three.example", seen=kept[-1].number)
    assert made.number == 3
    assert newest(await desk.store.changes())[URL] == made


async def spoiled(sound: Original, statement: str) -> list[str]:
    desk, clock = sound.desk, SetClock(sound.desk)
    for value in ("https://one.example", "https://two.example", "https://three.example"):
        await put(desk, value)
    assert (await audit(desk.store, clock, sound.anchors)).sound  # type: ignore[arg-type]
    async with desk.store.engine.begin() as connection:
        await connection.execute(text(statement))
    found = await inspect_record(desk.store, clock, sound.anchors)  # type: ignore[arg-type]
    return [f"{one.place}: {one.what}" for one in found.findings]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE configuration SET reason = 'none' WHERE number = 2",
            "change 2: it was changed by another hand; it counts for nothing",
        ),
        ("DELETE FROM configuration WHERE number = 2", "change 2: it is gone"),
        ("DELETE FROM configuration WHERE number = 3", "change 3: it was anchored and is gone"),
        (
            "UPDATE configuration SET seal = (SELECT seal FROM configuration WHERE number = 1) WHERE number = 3",
            "change 3: it was changed by another hand; it counts for nothing",
        ),
    ],
)
async def test_the_audit_tells_what_another_hand_did(tmp_path: Path, statement: str, told: str) -> None:
    async with original(tmp_path) as sound:
        assert told in await spoiled(sound, statement)
