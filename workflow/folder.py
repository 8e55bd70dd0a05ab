"""The data folder is its owner's alone: it holds names, phones and certificate numbers of people."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import structlog

from workflow.errors import SettingsError

log = structlog.get_logger()

OTHERS = 0o077
FILES = (
    "caseward.db", "caseward.db-wal", "caseward.db-shm", "journal.jsonl", "journal.lock", "anchors.jsonl",
    "settings.env",
)  # fmt: skip
"""What lies in it beside the keys, whose mode is asked for elsewhere, and the documents, which are encrypted."""


def keep_private(folder: Path) -> None:
    """Makes the folder where it is not there, and takes from everybody else what may be read or entered.

    Raises SettingsError where it is open to others and belongs to somebody else, or cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError("CASEWARD_DATA_DIR", f"{folder} is no folder", "name a folder") from error
    except OSError as error:
        cure = "make the folder above writable, or set CASEWARD_DATA_DIR"
        raise SettingsError("CASEWARD_DATA_DIR", f"{folder} cannot be made: {error.strerror}", cure) from error
    for path in (folder, *(folder / name for name in FILES)):
        if mode := open_to_others(path):
            _tighten(path, mode)


def open_to_others(path: Path) -> int | None:
    """The mode of a file or folder that others may read, write or enter; None where they may not, or none is there.

    A device or a pipe that stands there, by a link even, is the system's: its mode is nobody's to change.
    """
    if os.name != "posix" or not path.exists():
        return None
    found = path.stat().st_mode
    mode = stat.S_IMODE(found)
    return mode if mode & OTHERS and (stat.S_ISREG(found) or stat.S_ISDIR(found)) else None


def _tighten(path: Path, mode: int) -> None:
    closed = mode & ~OTHERS
    try:
        path.chmod(closed)
    except OSError as error:
        what = f"{path} has mode {mode:04o} and belongs to somebody else: others can read what it holds"
        raise SettingsError("CASEWARD_DATA_DIR", what, f"chmod {closed:o} {path}, as its owner") from error
    if path.is_dir():  # below a folder that is closed nobody could read its files
        log.warning("folder.closed", path=str(path), was=f"{mode:04o}", now=f"{closed:04o}")
