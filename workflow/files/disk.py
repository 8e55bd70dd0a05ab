"""Writes files of the data folder; where that fails, the error names the disk, what is wrong, and the cure."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workflow.errors import DiskUnusable
from workflow.sentence import Sentence

_CURES = {
    errno.ENOSPC: (Sentence("disk_full", "its disk is full"), Sentence("make_room", "make room")),
    errno.EDQUOT: (
        Sentence("owner_quota_used_up", "its owner's quota is used up"),
        Sentence("raise_quota_or_make", "raise the quota, or make room"),
    ),
    errno.EROFS: (
        Sentence("disk_read_only", "its disk is read-only"),
        Sentence("mount_for_writing", "mount it for writing"),
    ),
    errno.EIO: (
        Sentence("disk_does_not_answer", "its disk does not answer"),
        Sentence("look_at_disk_and_at", "look at the disk, and at what the system's log says of it"),
    ),
    errno.EACCES: (
        Sentence("this_user_may_not", "this user may not write it"),
        Sentence("give_to_user_that", "give it to the user that Caseward runs as"),
    ),
    errno.EPERM: (
        Sentence("this_user_may_not", "this user may not write it"),
        Sentence("give_to_user_that", "give it to the user that Caseward runs as"),
    ),
    errno.EMFILE: (
        Sentence("this_process_has_too", "this process has too many files open"),
        Sentence("raise_limit_open_files", "raise its limit of open files"),
    ),
    errno.ENFILE: (
        Sentence("this_machine_has_too", "this machine has too many files open"),
        Sentence("raise_limit_open_files", "raise its limit of open files"),
    ),
}


LEAST = 128 << 10
"""A database needs this many bytes beside its file before it can be read: for its log, and what its readers share."""


def is_full(file: Path) -> bool:
    """Whether the disk under a file has too little room for the files beside it; False where the disk does not say."""
    try:
        seen = os.statvfs(file.parent)
    except OSError:
        return False
    return seen.f_bavail * seen.f_frsize < LEAST or (seen.f_files > 0 and seen.f_favail == 0)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Errors of writing inside the block become DiskUnusable, where the disk is to blame."""
    try:
        yield
    except OSError as error:
        if error.errno not in _CURES:
            raise
        raise DiskUnusable(str(path), *_CURES[error.errno]) from error


@contextmanager
def beside(path: Path, content: bytes) -> Iterator[Path]:
    """Write the content to a fresh file beside this one, safely on disk, to be put in its place.

    Nobody else may read it. Where that fails nothing is left of it: half a file takes room.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with writing(path):
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield fresh
        finally:
            with suppress(OSError):  # it was put in its place, or never made
                fresh.unlink()


def put(path: Path, content: bytes) -> None:
    """Replace the whole file; until then it stays as it was. Raises DiskUnusable."""
    with beside(path, content) as fresh:
        os.replace(fresh, path)
