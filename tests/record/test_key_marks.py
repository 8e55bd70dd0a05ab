"""Each key of a record has a mark in it: an older key file, or another key under the same name, is refused by name."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from caseward.app.installation import open_record
from caseward.console.commands.system.liveness import running
from tests.record.test_identity import used
from tests.record.test_settings import _bare_environment  # noqa: F401 - each of these begins with nothing set
from workflow.errors import SettingsError
from workflow.record.vault import add_key
from workflow.settings import read_settings
from workflow.store import NewAccount, NewCase


def keys(folder: Path) -> Path:
    return folder / "keys.json"


def replaced(folder: Path, ring: str, number: int) -> str:
    """Puts another key under the name of one; the name."""
    read: dict[str, Any] = json.loads(keys(folder).read_text())
    read[ring][number]["key"] = base64.b64encode(secrets.token_bytes(32)).decode()
    keys(folder).write_text(json.dumps(read))
    return str(read[ring][number]["id"])


def newest(folder: Path, ring: str) -> str:
    return str(json.loads(keys(folder).read_text())[ring][-1]["id"])


async def with_accounts(folder: Path, *logins: str) -> None:
    async with open_record(read_settings(data_dir=folder)) as record:
        for login in logins:
            opens = NewAccount("portal", login, "geheim-1")
            new = NewCase("accounts", 1, "ZH", "alive", {"login": login}, opens=opens)
            await record.store.create([new], actor="person:test", reason=None, now=await record.clock.business())


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("ring", ["sealing", "chain"])
async def test_another_key_under_the_same_name_is_refused_by_name(tmp_path: Path, ring: str, number: int) -> None:
    folder = tmp_path / "data"
    await used(folder)
    add_key(keys(folder))
    await used(folder)
    right = keys(folder).read_bytes()
    name = replaced(folder, ring, number)
    first = (ring, number) == ("chain", 0)  # by which the record has always known its keys
    said = "holds other keys" if first else f"holds other keys in place of {ring}/{name}, with"
    with pytest.raises(SettingsError, match=rf"keys\.json: {said} .*; restore") as no:
        await used(folder)
    found = [one for one in await running(read_settings(data_dir=folder)) if one.check == "keys"]
    assert [(one.mark, one.parts["what"]) for one in found] == [("ill", no.value.what)]
    keys(folder).write_bytes(right)
    await used(folder)


async def test_an_older_key_file_is_refused_and_the_key_that_it_lacks_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await used(folder)
    older = keys(folder).read_bytes()
    add_key(keys(folder))
    await used(folder)
    newer = keys(folder).read_bytes()
    named = [f"{ring}/{newest(folder, ring)}" for ring in ("chain", "sealing")]
    keys(folder).write_bytes(older)
    with pytest.raises(
        SettingsError, match=rf"lacks the keys {named[0]}, {named[1]}, with which .* was written; restore"
    ):
        await used(folder)
    keys(folder).write_bytes(newer)
    await used(folder)


async def test_a_key_that_was_added_and_taken_out_unused_is_missed_by_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await used(folder)
    older = keys(folder).read_bytes()
    add_key(keys(folder))
    keys(folder).write_bytes(older)
    await used(folder)


async def unmarked(folder: Path) -> None:
    """As a record of before the marks is."""
    async with open_record(read_settings(data_dir=folder)) as record, record.database.begin() as connection:
        await connection.execute(text("DELETE FROM installation WHERE name LIKE 'key %'"))


async def test_a_record_of_before_the_marks_is_known_by_what_its_keys_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await with_accounts(folder, "one")
    await unmarked(folder)
    right = keys(folder).read_bytes()
    name = replaced(folder, "sealing", 0)
    with pytest.raises(SettingsError, match=f"holds other keys in place of sealing/{name}"):
        await used(folder)
    keys(folder).write_bytes(right)
    add_key(keys(folder))
    await used(folder)


async def test_a_secret_setting_tells_of_its_key_as_well(tmp_path: Path) -> None:
    """It was the one place where a key that had been replaced was not missed."""
    folder = tmp_path / "data"
    async with open_record(read_settings(data_dir=folder)) as record:
        await record.store.put_change(
            *("setting", "CASEWARD_SMS_TOKEN", None),
            secret=SecretStr("geheim"),
            actor="person:clerk",
            reason="it is new",
            now=await record.clock.business(),
        )
    await unmarked(folder)
    name = replaced(folder, "sealing", 0)
    with pytest.raises(SettingsError, match=f"holds other keys in place of sealing/{name}"):
        await used(folder)


async def test_one_row_that_another_hand_changed_accuses_no_key(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await with_accounts(folder, "one", "two")
    async with open_record(read_settings(data_dir=folder)) as record, record.database.begin() as connection:
        changed = "UPDATE accounts SET password = substr(password, 1, 30) WHERE login = 'one'"
        await connection.execute(text(changed))
    await unmarked(folder)
    await used(folder)


@pytest.mark.parametrize("value", ["'soon'", "7", "x''", "x'00'", "x'ff'", "x'056162'", "zeroblob(100)"])
async def test_what_is_no_sealed_value_accuses_no_key(tmp_path: Path, value: str) -> None:
    folder = tmp_path / "data"
    await with_accounts(folder, "one", "two")
    async with open_record(read_settings(data_dir=folder)) as record, record.database.begin() as connection:
        await connection.execute(text(f"UPDATE accounts SET password = {value} WHERE login = 'one'"))
    await unmarked(folder)
    await used(folder)
