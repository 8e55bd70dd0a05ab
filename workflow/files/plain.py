"""Reads a file that somebody names, after checking that it is a plain one of a size that is taken."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from workflow.errors import SettingsError, WorkflowError
from workflow.sentence import Sentence, machine_said

PIECE = 1 << 20
NOWHERE = Sentence("link_that_leads_nowhere", "is a link that leads nowhere")
KINDS = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)
WORDS = {
    "folder": Sentence("folder", "folder"),
    "pipe": Sentence("pipe", "pipe"),
    "socket": Sentence("socket", "socket"),
    "device": Sentence("device", "device"),
}


class Unfit(Exception):
    """The file is not taken. wrong: the end of its texts' names, error.scan.

    and cure.scan.; parts: what they fill in.
    """

    def __init__(self, wrong: str, **parts: object) -> None:
        super().__init__(f"{wrong} {parts}" if parts else wrong)
        self.wrong, self.parts = wrong, parts


class NotLooked(WorkflowError):
    """Whether a file is fit could not be found out now: the machine or the look failed, and nothing says the file did.

    Nothing of it was kept, nothing changed. why: what was in the way.
    """

    def __init__(self, why: Sentence) -> None:
        super().__init__(Sentence("not_looked", "it could not be looked at now: {why}", why=why))
        self.why = why


def read_plain(file: Path, most: int) -> bytes:
    """The content of a plain file of at most this many bytes. Raises Unfit, OSError, ValueError (a NUL in the name).

    It opens nothing that would hang or act, such as a pipe or a device, and reads no more than that.
    """
    _plain(os.stat(file))
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0) as opened:
        size = _plain(os.fstat(opened.fileno())).st_size  # the path may lead to another file by now
        if size > most:
            raise Unfit("large", n=size, most=most)
        if size == 0:
            raise Unfit("empty")  # files of the system, such as those of /proc, have no size either
        content = read_pieces(opened.fileno(), size)
    if len(content) != size:
        raise Unfit("changing")
    return content


def read_own(path: Path, most: int, cure: Sentence) -> bytes:
    """A file of the data folder, whole. Raises FileNotFoundError, or SettingsError naming what stands there instead.

    cure: what to do where it is no plain file.
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
        why = machine_said(error)
        raise SettingsError(
            str(path),
            Sentence("cannot_be_read", "cannot be read: {why}", why=why),
            Sentence("make_readable_for_this", "make it readable for this user alone"),
        ) from error


def told(unfit: Unfit) -> Sentence:
    """What a path is, where it is no plain file."""
    if unfit.wrong == "not_plain":
        return Sentence("no_file", "is a {kind}, no file", kind=WORDS[str(unfit.parts["kind"])])
    if unfit.wrong == "large":
        return Sentence("holds_more_than_bytes", "holds more than {most} bytes", most=unfit.parts["most"])
    return (
        Sentence("holds_nothing", "holds nothing")
        if unfit.wrong == "empty"
        else Sentence("changes_while_read", "changes while it is read")
    )


def read_pieces(source: int, most: int) -> bytes:
    """At most this many bytes and one more, piece by piece, so that an interrupt is heard."""
    pieces, left = [], most + 1
    while left > 0 and (piece := os.read(source, min(PIECE, left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def in_place_of(path: Path) -> Sentence | None:
    """What the path is, if it is no regular file; None where it is one, or nothing is there."""
    try:
        kind = _kind(os.stat(path))
        return None if kind is None else Sentence("no_file", "is a {kind}, no file", kind=WORDS[kind])
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
