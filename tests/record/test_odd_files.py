"""What stands in the data folder in place of a file is named with its cure, at once, unread and left as it is."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from caseward.app.installation import open_record
from tests.record.test_identity import used
from tests.record.test_settings import _bare_environment  # noqa: F401 - each of these begins with nothing set
from workflow.errors import DatabaseUnusable, SettingsError
from workflow.record.journal import Journal
from workflow.record.vault import open_vault
from workflow.settings import read_settings

GIGABYTE = 1 << 30


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        os.chdir(path.parent)  # the name of a socket may be no longer than a line
        opened.bind(path.name)


def sparse(path: Path) -> None:
    path.touch(mode=0o600)
    os.truncate(path, GIGABYTE)


def binary(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_bytes(bytes(range(256)) * 8)


def nested(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_text("[" * 60_000)


KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "is a folder, no file"),
    "a pipe": (os.mkfifo, "is a pipe, no file"),
    "a socket": (listening, "is a socket, no file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is a device, no file"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "is a link that leads nowhere"),
    "a gigabyte": (sparse, "holds more than 65536 bytes"),
    "nothing": (lambda path: path.touch(mode=0o600), "holds nothing"),
    "bytes": (binary, "this is not a key file"),
    "a nest": (nested, "this is not a key file"),
}


@pytest.fixture(autouse=True)
def _stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def put(path: Path, kind: str) -> str:
    """What it is accused of."""
    path.unlink(missing_ok=True)
    make, said = KINDS[kind]
    make(path)
    return said


def looks(path: Path) -> tuple[int, int, float]:
    found = os.lstat(path)
    return found.st_ino, found.st_size, found.st_mtime


async def refused(folder: Path) -> SettingsError | DatabaseUnusable:
    begun = monotonic()
    with pytest.raises((SettingsError, DatabaseUnusable)) as raised:
        async with open_record(read_settings(data_dir=folder)):
            pass
    assert monotonic() - begun < 10
    assert isinstance(raised.value, SettingsError | DatabaseUnusable)
    return raised.value


@pytest.mark.parametrize("kind", KINDS)
async def test_what_stands_in_place_of_the_keys_is_named(tmp_path: Path, kind: str) -> None:
    await used(tmp_path / "data")
    keys = tmp_path / "data" / "keys.json"
    said = put(keys, kind)
    before = looks(keys)
    error = await refused(tmp_path / "data")
    assert (error.what, error.cure) == (said, "put back the one the database was made with")
    assert str(keys) in str(error)
    assert looks(keys) == before
    with pytest.raises(SettingsError, match=said):
        open_vault(keys)  # as doctor looks at it


@pytest.mark.parametrize("kind", KINDS)
async def test_beside_a_record_without_keys_they_need_no_backup(tmp_path: Path, kind: str) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    said = put(tmp_path / "data" / "keys.json", kind)
    error = await refused(tmp_path / "data")
    assert (error.what, "new ones are made" in error.cure) == (said, True)
    path = tmp_path / "data" / "keys.json"
    path.rename(tmp_path / "away")
    async with open_record(read_settings(data_dir=tmp_path / "data")):
        pass


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"nothing", "a nest"}))
def test_what_stands_in_place_of_the_settings_is_named(tmp_path: Path, kind: str) -> None:
    said = put(tmp_path / "settings.env", kind)
    begun = monotonic()
    with pytest.raises(SettingsError) as raised:
        read_settings(data_dir=tmp_path)
    assert monotonic() - begun < 2
    assert raised.value.what == ("is not in UTF-8" if kind == "bytes" else said)
    assert raised.value.name == str(tmp_path / "settings.env")
    assert raised.value.cure


def test_settings_that_say_nothing_set_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.env").touch()
    assert read_settings(data_dir=tmp_path).lease_seconds == 60
    (tmp_path / "settings.env").write_bytes(b"CASEWARD_LEASE_SECONDS=7\0\n")
    with pytest.raises(SettingsError, match="holds no text"):
        read_settings(data_dir=tmp_path)


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a socket", "a device", "a link to nothing"])
async def test_what_stands_in_place_of_the_database_is_named(tmp_path: Path, kind: str) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    said = put(tmp_path / "data" / "caseward.db", kind)
    device = os.stat("/dev/zero").st_mode
    error = await refused(tmp_path / "data")
    assert (error.what, error.cure) == (said, "move it away, or correct CASEWARD_DATABASE_URL")
    assert os.stat("/dev/zero").st_mode == device, "what a link leads to is not the record's"


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a socket", "a device", "a link to nothing"])
def test_what_stands_in_place_of_the_journal_is_named(tmp_path: Path, kind: str) -> None:
    said = put(tmp_path / "journal.jsonl", kind)
    with pytest.raises(SettingsError, match=said):
        list(Journal(tmp_path / "journal.jsonl").read())


@pytest.mark.parametrize("line", ["", "{}", "[]", "[" * 60_000, '{"case": 1}', "\x00"])
def test_a_line_that_notes_no_call_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "journal.jsonl").write_text(f"{line}\n")
    with pytest.raises(SettingsError, match="line 1 notes no call; put back a copy"):
        list(Journal(tmp_path / "journal.jsonl").read())
