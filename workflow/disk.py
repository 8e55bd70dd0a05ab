"""Files of the data folder that cannot be written: the disk is named with what is wrong and the cure."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.errors import DiskUnusable

_CURES = {
    errno.ENOSPC: ("its disk is full", "make room"),
    errno.EDQUOT: ("its owner's quota is used up", "raise the quota, or make room"),
    errno.EROFS: ("its disk is read-only", "mount it for writing"),
    errno.EIO: ("its disk does not answer", "look at the disk, and at what the system's log says of it"),
    errno.EACCES: ("this user may not write it", "give it to the user that Caseward runs as"),
    errno.EPERM: ("this user may not write it", "give it to the user that Caseward runs as"),
    errno.EMFILE: ("this process has too many files open", "raise its limit of open files"),
    errno.ENFILE: ("this machine has too many files open", "raise its limit of open files"),
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What is written inside fails by name where it is the disk's doing. Raises DiskUnusable."""
    try:
        yield
    except OSError as error:
        if error.errno not in _CURES:
            raise
        raise DiskUnusable(str(path), *_CURES[error.errno]) from error
