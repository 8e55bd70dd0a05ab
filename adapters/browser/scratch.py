"""A folder of its own for the files of a driver and its Chromium; folders of dead processes are deleted."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import BinaryIO

NAME = "caseward-chromium-"
OWNER = "owner"
"""A file that the process which made the folder keeps locked; the kernel unlocks it when the process dies."""


@dataclass(frozen=True)
class Scratch:
    """Where driver and Chromium write; it is whoever's process this is as long as it lives and the folder is kept."""

    folder: Path
    _file: BinaryIO

    def clear(self) -> None:
        """Delete the folder; the processes that wrote to it must be dead."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._file.close()

    @contextmanager
    def for_driver(self) -> Iterator[None]:
        """A driver that is started meanwhile writes here, and so does all that it starts.

        Playwright asks for nothing but the environment. What else is started in this moment may write here too.
        """
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(self.folder)
        try:
            yield
        finally:
            if before is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = before


def make_scratch() -> Scratch:
    """Make a new folder, and delete those that dead processes left."""
    clear_left()
    while True:
        folder = Path(mkdtemp(prefix=NAME, dir=gettempdir()))
        file = (folder / OWNER).open("wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if (folder / OWNER).exists():  # otherwise somebody deleted it before it was locked
            return Scratch(folder, file)
        file.close()


def clear_left() -> int:
    """Delete folders of this user whose process is dead; returns how many."""
    cleared = 0
    for folder in Path(gettempdir()).glob(f"{NAME}*"):
        with suppress(OSError):  # another's, or gone meanwhile
            if folder.is_symlink() or folder.lstat().st_uid != os.geteuid():
                continue
            with (folder / OWNER).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                cleared += 1
    return cleared
