"""Reads a file that somebody names, once it is known to be a plain one of a size that is taken."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from workflow.errors import SettingsError

PIECE = 1 << 20
NOWHERE = "is a link that leads nowhere"
KINDS = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


class Unfit(Exception):
    """A file is not taken. wrong: the end of its texts' names, error.scan. and cure.scan.; parts: what they fill in."""

    def __init__(self, wrong: str, **parts: object) -> None:
        super().__init__(f"{wrong} {parts}" if parts else wrong)
        self.wrong, self.parts = wrong, parts


def read_plain(file: Path, most: int) -> bytes:
    """The content of a plain file of at most so many bytes. Raises Unfit, OSError, ValueError (a NUL in the name).

    Nothing is opened that would hang or do something, and nothing is read that is too much.
    """
    _plain(os.stat(file))
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0) as opened:
        size = _plain(os.fstat(opened.fileno())).st_size  # another one may stand there by now
        if size > most:
            raise Unfit("large", n=size, most=most)
        if size == 0:
            raise Unfit("empty")  # files that the system makes up, as those of /proc, have no size either
        content = read_pieces(opened.fileno(), size)
    if len(content) != size:
        raise Unfit("changing")
    return content


def read_own(path: Path, most: int, cure: str) -> bytes:
    """A file of the data folder, whole. Raises FileNotFoundError, and SettingsError with what stands there instead.

    cure: what to do where it is none.
    """
    try:
        return read_plain(path, most)
    except Unfit as unfit:
        raise SettingsError(str(path), told(unfit), cure) from unfit
    except (FileNotFoundError, NotADirectoryError) as error:
        if not path.is_symlink():
            raise
        raise SettingsError(str(path), NOWHERE, cure) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise SettingsError(str(path), f"cannot be read: {why}", "make it readable for this user alone") from error


def told(unfit: Unfit) -> str:
    """What a file is instead of one that is read."""
    if unfit.wrong == "not_plain":
        return f"is a {unfit.parts['kind']}, no file"
    if unfit.wrong == "large":
        return f"holds more than {unfit.parts['most']} bytes"
    return "holds nothing" if unfit.wrong == "empty" else "changes while it is read"


def read_pieces(source: int, most: int) -> bytes:
    """At most so many bytes and one more, piece by piece: one long read would not hear an interrupt."""
    pieces, left = [], most + 1
    while left > 0 and (piece := os.read(source, min(PIECE, left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def in_place_of(path: Path) -> str | None:
    """What is said of what stands there in place of a file; None where it is a file, or nothing stands there."""
    try:
        kind = _kind(os.stat(path))
        return None if kind is None else f"is a {kind}, no file"
    except (OSError, ValueError):
        return NOWHERE if path.is_symlink() else None


def _plain(found: os.stat_result) -> os.stat_result:
    if (kind := _kind(found)) is None:
        return found
    raise Unfit("not_plain", kind=kind)


def _kind(found: os.stat_result) -> str | None:
    if stat.S_ISREG(found.st_mode):
        return None
    return next((kind for asks, kind in KINDS if asks(found.st_mode)), "device")
