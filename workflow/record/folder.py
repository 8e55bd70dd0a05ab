"""Closes the data folder to everybody but its owner: it holds names, phones and certificate numbers of people."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

import structlog

from workflow.errors import SettingsError
from workflow.record.vault import is_key_file
from workflow.sentence import Sentence, machine_said

log = structlog.get_logger()

OTHERS = 0o077
FILES = (
    "caseward.db", "caseward.db-wal", "caseward.db-shm", "journal.jsonl", "journal.lock", "anchors.jsonl",
    "settings.env",
)  # fmt: skip
"""Files in it whose mode is checked here; the keys are checked elsewhere, and documents are encrypted."""
MARKS = frozenset({"caseward.db", "journal.jsonl", "journal.lock", "anchors.jsonl"})
"""A folder with one of these, or with our keys, is known as ours."""
BEFORE = frozenset({"settings.env", "keys.json", "browsers", "up.lock", "lost+found"})
"""What may lie in it before there is a record; the last one is what a new disk has."""
SHARED = "."
"""Stands for whatever all users of the machine may put there."""
NAMED = 3
"""This many things of others are named."""


def keep_private(folder: Path, database: Path | None = None) -> None:
    """Make the folder where it is not there, and take from others what they may read or enter.

    database: the record's file where it is elsewhere; its folder stays as it is. Raises SettingsError where the folder
    is not ours to close, belongs to somebody else, or cannot be made.
    """
    refuse_of_others(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(
            "CASEWARD_DATA_DIR",
            Sentence("no_folder", "{path} is no folder", path=folder),
            Sentence("name_folder", "name a folder"),
        ) from error
    except OSError as error:
        cure = Sentence("make_folder_above_writable", "make the folder above it writable, or set CASEWARD_DATA_DIR")
        raise SettingsError(
            "CASEWARD_DATA_DIR",
            Sentence("cannot_be_made", "{path} cannot be made: {why}", path=folder, why=machine_said(error)),
            cure,
        ) from error
    for path in (folder, *(folder / name for name in FILES)):
        if mode := open_to_others(path):
            _tighten("CASEWARD_DATA_DIR", path, mode)
    for path, mode in open_files(database):
        _tighten("CASEWARD_DATABASE_URL", path, mode)


def things_of_others(folder: Path) -> list[str]:
    """What lies in a folder that holds no record of ours; empty where the folder is ours, new, or unused.

    What only its owner can read does not count, nor does a name that begins with a dot: a service's home has some.
    SHARED: all users share the folder, as /tmp.
    """
    try:
        found = sorted(os.listdir(folder))
        mode = os.stat(folder).st_mode
    except OSError:
        return []  # it is made, or refused for another reason
    if mode & stat.S_ISVTX and mode & stat.S_IWOTH:
        return [SHARED]
    if MARKS & set(found) or is_key_file(folder / "keys.json"):
        return []
    return [name for name in found if name not in BEFORE and not name.startswith(".") and _is_used(folder / name)]


def _is_used(path: Path) -> bool:
    """Whether somebody else may read, enter or write it now."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return bool(stat.S_IMODE(found.st_mode) & OTHERS) or found.st_uid != os.geteuid()


def refuse_of_others(folder: Path) -> None:
    """Raise SettingsError where the folder is not taken: closing it would shut others out of what is theirs."""
    if not (strange := things_of_others(folder)):
        return
    what = Sentence("shared_by_all_users", "{folder} is shared by all users of this machine", folder=folder)
    if strange != [SHARED]:
        what = Sentence(
            "holds_and_no_record",
            "{folder} holds {names} and no record of Caseward",
            folder=folder,
            names=named(strange),
        )
    cure = Sentence(
        "name_folder_that_empty", "name a folder that is empty or not there yet: it is closed to all other users"
    )
    raise SettingsError("CASEWARD_DATA_DIR", what, cure)


def named(strange: list[str]) -> str:
    """The first of them, for people."""
    return ", ".join([*(repr(name)[1:-1] for name in strange[:NAMED]), *(["…"] if len(strange) > NAMED else [])])


def make_private(database: Path | None) -> None:
    """Make a new file of the record that lies elsewhere, closed to others from its first moment."""
    if database is None or os.path.lexists(database):
        return
    try:
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        return  # another process was faster, or opening the database tells what is wrong


def open_files(database: Path | None) -> Iterable[tuple[Path, int]]:
    """The files of a database that others may read or write, each with its mode."""
    names = [] if database is None else [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm", "-journal"))]
    return [(path, mode) for path in names if (mode := open_to_others(path))]


def open_to_others(path: Path) -> int | None:
    """The mode of a file or folder that others may read, write or enter; None where they may not, or there is none.

    A device or a pipe, even behind a link, is the system's: its mode is nobody's to change.
    """
    if os.name != "posix" or not path.exists():
        return None
    found = path.stat().st_mode
    mode = stat.S_IMODE(found)
    return mode if mode & OTHERS and (stat.S_ISREG(found) or stat.S_ISDIR(found)) else None


def _tighten(setting: str, path: Path, mode: int) -> None:
    closed = mode & ~OTHERS
    try:
        path.chmod(closed)
    except FileNotFoundError:
        return  # a log of the database that another process has just deleted
    except OSError as error:
        what = Sentence(
            "has_mode_and_belongs",
            "{path} has mode {mode} and belongs to somebody else: others can read what it holds",
            path=path,
            mode=f"{mode:04o}",
        )
        raise SettingsError(
            setting,
            what,
            Sentence("chmod_as_owner", "chmod {mode} {path}, as its owner", mode=f"{closed:o}", path=path),
        ) from error
    if path.is_dir() or setting != "CASEWARD_DATA_DIR":  # nobody can read its files below a folder that is closed
        log.warning("folder.closed", path=str(path), was=f"{mode:04o}", now=f"{closed:04o}")
