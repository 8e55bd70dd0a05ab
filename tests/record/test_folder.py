"""The data folder: what is another's is not closed to him, and what is ours lies open to nobody."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from caseward.app.installation import open_record
from caseward.console.commands.system.health import data_folder, database
from tests.record.test_identity import used
from tests.record.test_settings import _bare_environment  # noqa: F401 - each of these begins with nothing set
from workflow.errors import DatabaseUnusable, SettingsError
from workflow.record.database import open_database
from workflow.record.folder import keep_private, things_of_others
from workflow.record.vault import make_keys
from workflow.settings import read_settings


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "report.xlsx").write_text("of others")
    (folder / "report.xlsx").chmod(0o644)
    folder.chmod(0o755)
    return folder


async def test_a_folder_of_others_is_neither_closed_nor_written_to(theirs: Path) -> None:
    with pytest.raises(SettingsError, match=r"shared holds report\.xlsx and no record.*; name a folder that is empty"):
        await used(theirs)
    assert (mode(theirs), os.listdir(theirs)) == (0o755, ["report.xlsx"])
    (found,) = await data_folder(read_settings(data_dir=theirs))
    assert (found.mark, found.what, found.parts["names"]) == ("ill", "strange", "report.xlsx")


@pytest.mark.parametrize("name", ["documents", "papers", "keys", ".", "caseward.db.bak"])
def test_a_name_that_others_use_too_makes_no_folder_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "there" / name).mkdir(parents=True, exist_ok=True)
    if name != ".":
        with pytest.raises(SettingsError, match="no record of Caseward"):
            keep_private(tmp_path / "there")
    else:
        keep_private(tmp_path / "there")


@pytest.mark.parametrize(
    "name", ["lost+found", ".cache", "settings.env", "browsers", "caseward.db", "journal.jsonl", "keys.json"]
)
def test_what_a_new_disk_or_an_earlier_start_leaves_is_no_others(tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data").chmod(0o755)
    keep_private(tmp_path / "data")
    assert mode(tmp_path / "data") == 0o700


def test_what_is_its_owners_alone_already_loses_nobody_by_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "demonstrated").mkdir(parents=True, mode=0o700)
    keep_private(tmp_path / "data")
    assert mode(tmp_path / "data") == 0o700


async def test_what_people_lay_beside_a_record_makes_it_no_others(tmp_path: Path) -> None:
    await used(tmp_path / "data")
    (tmp_path / "data" / "report.xlsx").write_text("ours")
    await used(tmp_path / "data")
    with_server = tmp_path / "server"
    with_server.mkdir()
    (with_server / "report.xlsx").write_text("ours")
    (with_server / "report.xlsx").chmod(0o644)
    assert things_of_others(with_server)
    make_keys(with_server / "keys.json")  # as where the database is a server's
    assert things_of_others(with_server) == []


async def test_a_folder_that_all_users_share_is_not_taken_even_when_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp").chmod(0o1777)
    with pytest.raises(SettingsError, match="is shared by all users"):
        await used(tmp_path / "tmp")
    (tmp_path / "tmp" / "caseward.db").touch()  # anybody may lay it there
    with pytest.raises(SettingsError, match="is shared by all users"):
        await used(tmp_path / "tmp")
    assert mode(tmp_path / "tmp") == 0o1777


@pytest.mark.parametrize("said", ["", " ", "\t"])
def test_a_folder_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("CASEWARD_DATA_DIR", said)
    assert read_settings().data_dir == Path("caseward-data")


@pytest.mark.parametrize("name", ["DATA_DIR", "CHROMIUM"])
def test_a_path_that_only_a_shell_could_read_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"CASEWARD_{name}", "~/data")
    with pytest.raises(SettingsError, match=f"CASEWARD_{name}: begins with ~"):
        read_settings()
    with pytest.raises(DatabaseUnusable, match="begins with ~"):
        open_database("sqlite:///~/data/x.db")


# ---------------------------------------------------------------- a database elsewhere


async def test_a_database_elsewhere_is_closed_and_its_folder_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    file = tmp_path / "elsewhere" / "x.db"
    monkeypatch.setenv("CASEWARD_DATABASE_URL", f"sqlite:///{file}")
    before = os.umask(0o022)
    try:
        await used(tmp_path / "data")
    finally:
        os.umask(before)
    assert [mode(path) for path in (tmp_path / "elsewhere").iterdir() if mode(path) != 0o600] == []
    file.chmod(0o644)
    settings = read_settings(data_dir=tmp_path / "data")
    (found,) = await database(settings)
    assert (found.mark, found.what, found.parts) == ("ill", "open", {"path": str(file), "mode": "0644"})
    async with open_record(settings):
        assert mode(file) == 0o600
    assert mode(tmp_path / "elsewhere") == 0o755


async def test_a_database_of_others_is_not_closed_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "theirs.db"
    monkeypatch.setenv("CASEWARD_DATABASE_URL", f"sqlite:///{file}")
    async with open_database(f"sqlite:///{file}").begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE cases (id TEXT)")
    file.chmod(0o644)
    with pytest.raises(DatabaseUnusable, match="tables that are not Caseward's"):
        await used(tmp_path / "data")
    assert mode(file) == 0o644
