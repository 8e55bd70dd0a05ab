"""A record and its keys belong together, and its folder is its owner's alone; what is missing is not made anew."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from caseward.app.installation import Record, open_record
from tests.record.test_settings import _bare_environment  # noqa: F401 - each of these begins with nothing set
from workflow.errors import DatabaseUnusable, SettingsError
from workflow.record.database import file_url, open_database
from workflow.record.folder import FILES
from workflow.record.vault import add_key
from workflow.settings import read_settings, unknown_variables
from workflow.store import NewCase

ROOT = Path(__file__).resolve().parents[2]


async def used(folder: Path) -> None:
    """A record with a case in it."""
    async with open_record(read_settings(data_dir=folder)) as record:
        await opened(record)


async def opened(record: Record) -> None:
    new = NewCase("accounts", 1, "ZH", "alive", {"login": "x"})
    await record.store.create([new], actor="person:test", reason=None, now=await record.clock.business())


async def test_missing_keys_are_not_made_anew_beside_a_record(tmp_path: Path) -> None:
    await used(tmp_path / "data")
    (tmp_path / "data" / "keys.json").unlink()
    with pytest.raises(SettingsError, match=r"keys\.json: is missing, and the record .*; restore .* from a backup"):
        await used(tmp_path / "data")
    assert not (tmp_path / "data" / "keys.json").exists()


async def test_a_record_that_was_opened_and_never_used_keeps_its_keys_too(tmp_path: Path) -> None:
    async with open_record(read_settings(data_dir=tmp_path / "data")):
        pass
    (tmp_path / "data" / "keys.json").unlink()
    with pytest.raises(SettingsError, match="is missing"):
        await used(tmp_path / "data")


async def test_the_keys_of_another_installation_are_refused(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        await used(tmp_path / name)
    shutil.copy(tmp_path / "theirs" / "keys.json", tmp_path / "ours" / "keys.json")
    with pytest.raises(SettingsError, match="holds other keys than the record"):
        await used(tmp_path / "ours")


async def test_a_record_of_before_the_mark_is_known_by_its_events(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        await used(tmp_path / name)
    async with open_record(read_settings(data_dir=tmp_path / "ours")) as record, record.database.begin() as connection:
        await connection.execute(text("DELETE FROM installation"))
    own = (tmp_path / "ours" / "keys.json").read_bytes()
    shutil.copy(tmp_path / "theirs" / "keys.json", tmp_path / "ours" / "keys.json")
    with pytest.raises(SettingsError, match="lacks the keys chain/"):
        await used(tmp_path / "ours")
    (tmp_path / "ours" / "keys.json").write_bytes(own)
    async with open_record(read_settings(data_dir=tmp_path / "ours")):
        pass


async def test_a_key_that_was_added_makes_it_no_other_record(tmp_path: Path) -> None:
    await used(tmp_path / "data")
    add_key(tmp_path / "data" / "keys.json")
    async with open_record(read_settings(data_dir=tmp_path / "data")) as record:
        assert len(await record.store.cases()) == 1


OPENS = """
import asyncio, sys
from pathlib import Path
from caseward.app.installation import open_record
from workflow.settings import read_settings
async def opened(folder):
    async with open_record(read_settings(data_dir=Path(folder))) as record:
        return record.store.vault.identity
print("ready", flush=True)
for line in sys.stdin:
    print(asyncio.run(opened(line.strip())), flush=True)
"""
"""Opens each new folder that it is told, and says whose keys it found."""


async def test_many_first_openings_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    async def one() -> str:
        async with open_record(read_settings(data_dir=tmp_path / "data")) as record:
            return record.store.vault.identity

    assert len(set(await asyncio.gather(*(one() for _ in range(4))))) == 1


def test_eight_processes_that_open_a_new_record_at_once_all_open_it(tmp_path: Path) -> None:
    """Eight times over; twenty times are `make attack ARGS=lasting`."""
    all_open(tmp_path, 8)


def all_open(folder: Path, times: int) -> None:
    """Who comes second waits until the tables stand, and takes the keys of the first."""
    with ExitStack() as stack:
        crew = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", OPENS], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
            for _ in range(8)
        ]

        def hear() -> set[str]:
            heard = {process.stdout.readline() for process in crew if process.stdout is not None}
            assert "" not in heard
            return heard

        assert hear() == {"ready\n"}
        for n in range(times):
            for process in crew:
                assert process.stdin is not None
                process.stdin.write(f"{folder / str(n)}\n")
                process.stdin.flush()
            assert len(hear()) == 1


# ---------------------------------------------------------------- the folder


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o777, 0o701])
async def test_a_folder_that_others_may_enter_is_closed(tmp_path: Path, mode: int) -> None:
    await used(tmp_path / "data")
    folder = tmp_path / "data"
    (folder / "settings.env").write_text("")
    for path in (folder, folder / "caseward.db", folder / "settings.env"):
        path.chmod(mode)
    async with open_record(read_settings(data_dir=folder)):
        left = [path for path in (folder, *(folder / name for name in FILES)) if path.exists()]
        assert [path.name for path in left if path.stat().st_mode & 0o077] == []
        assert len(left) > 3


async def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(SettingsError, match="is no folder"):
        await used(tmp_path / "data")


ODD = ["a?b", "a%20b", "a#b", "a b", "a'b\"c", "数据 夹", "a&b=c", "a\\b", "file:x", "a;b", "a:b@c", "%", "a%3Fb"]
ODD += ["a\nb"]


@pytest.mark.parametrize("name", ODD)
async def test_a_folder_may_have_any_name(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Absolute or not, everything lies below it, and nothing beside it."""
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path / name, Path(name)):
        await used(folder)
        assert sorted(path.name for path in tmp_path.iterdir()) == [name]
        assert (tmp_path / name / "caseward.db").exists()
        shutil.rmtree(tmp_path / name)


def test_an_address_with_options_is_refused_with_its_cure() -> None:
    with pytest.raises(DatabaseUnusable, match="%3F"):
        open_database("sqlite:////srv/a?b/caseward.db")


def test_the_address_of_a_file_leads_to_that_file() -> None:
    for name in ODD:
        assert open_database(file_url(Path("/srv") / name / "c.db")).url.database == f"/srv/{name}/c.db"


# ---------------------------------------------------------------- files of settings


async def test_settings_of_the_folder_may_begin_with_a_mark_and_must_be_text(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_bytes("\ufeffCASEWARD_LEASE_SECONDS=77\n".encode())
    assert read_settings(data_dir=tmp_path).lease == timedelta(seconds=77)
    (tmp_path / "settings.env").write_bytes("# 设置\nCASEWARD_LEASE_SECONDS=77\n".encode("gbk"))
    with pytest.raises(SettingsError, match=r"settings\.env: is not in UTF-8; save it as UTF-8"):
        read_settings(data_dir=tmp_path)


def test_a_variable_that_sets_nothing_is_told_with_the_one_that_is_meant() -> None:
    environ = {"CASEWARD_LEASE_SECOND": "9", "CASEWARD_XYZZY": "1", "CASEWARD_LANG": "en", "HOME": "/"}
    assert unknown_variables(environ) == {"CASEWARD_LEASE_SECOND": "CASEWARD_LEASE_SECONDS", "CASEWARD_XYZZY": None}


@pytest.mark.parametrize("left", ["anchors.jsonl", "journal.jsonl"])
@pytest.mark.parametrize("gone", [False, True])
async def test_a_database_that_lost_its_record_is_not_taken_for_a_new_one(
    tmp_path: Path, left: str, gone: bool
) -> None:
    """All that is on file would be filed a second time."""
    folder = tmp_path / "data"
    await used(folder)
    (folder / left).write_text("{}\n")
    for file in folder.glob("caseward.db*"):
        file.unlink()
    if not gone:
        (folder / "caseward.db").touch(0o600)
    with pytest.raises(DatabaseUnusable, match=rf"it holds no record, and .*{left} tells of one; put it back"):
        await used(folder)
    (folder / left).unlink()
    await used(folder)
