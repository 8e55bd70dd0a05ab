"""Names a process so that no other is taken for it, tells whether it is dead for certain, and kills none but ours."""

from __future__ import annotations

import fcntl
import hashlib
import os
import select
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from weakref import WeakValueDictionary

from workflow.files.disk import writing

KEPT = 30 * 24 * 3600.0
"""Seconds after which a dead process's mark is cleared away."""
PATIENCE_MS = 5000
"""How long a killed process may take to die."""
_RECORD_LOCK = "hhqqi"
"""struct flock of Linux: what a program asks for, and who stands in its way."""


class Mark:
    """A file that is locked as long as its process lives and anybody here holds on to this object."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __del__(self) -> None:
        self._file.close()


_marks: WeakValueDictionary[Path, Mark] = WeakValueDictionary()


@dataclass(frozen=True)
class Named:
    """The parts of a name. where: the start of the machine and the space in which the number counts; "" of old."""

    host: str
    pid: int
    start: str
    where: str


def marks_of(data: Path) -> Path:
    """Where the living processes of an installation hold their marks, by its data folder."""
    return data / "processes"


def this_process() -> str:
    """host/pid/start/where: one process of all machines, containers and restarts; at most 120 characters."""
    return f"{this_host()[:64]}/{os.getpid()}/{started_at(os.getpid())}/{this_place()}"


def this_host() -> str:
    return socket.gethostname()


def this_place() -> str:
    """The start of this machine and its space of process numbers: two containers count their processes apart."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
    return f"{boot.replace('-', '')[:12]}.{space.strip('pid:[]')}"


def started_at(pid: int) -> str:
    """When a process of this place started, in the kernel's own ticks; "" if there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def mark(process: str, folder: Path) -> Mark | None:
    """The mark of this process, to be held on to as long as it works: the kernel lets it go when the process is dead.

    The folder is one of this installation. A copy of the database, or a row that somebody wrote, holds no mark.
    """
    path = _mark_of(process, folder)
    if known := _marks.get(path):
        return known
    if named(process) is None:
        return None
    with writing(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    held = _marks[path] = Mark(file)
    os.utime(path)
    _clear(folder, path.stat().st_mtime)
    return held


def gone(process: str, folder: Path) -> bool:
    """Dead for certain. What cannot be told, as of a container that shows its processes to nobody, is not dead."""
    one = named(process)
    if one is None or not one.where:
        return False
    if one.where == this_place():
        return not _there(one.pid) or started_at(one.pid) != one.start
    same_machine = one.where.split(".")[0] == this_place().split(".")[0]
    # its mark is free: the kernel that held it let it go, or has started anew since
    return (same_machine or one.host == this_host()[:64]) and _holder(process, folder) == 0


def lives(process: str, folder: Path) -> bool:
    """At work for certain: it holds this installation's mark. What cannot be told does not count as living."""
    one = named(process)
    if one is None or not one.where:
        return False
    if one.where == this_place():
        return started_at(one.pid) == one.start and (one.pid == os.getpid() or _holder(process, folder) == one.pid)
    return _holder(process, folder) not in (0, None)


def killed(process: str, folder: Path) -> bool:
    """Kill a worker that outlived its lease: nothing else stops a call that it may still make. True: it is dead.

    The name comes out of a row, so the number alone is not believed: only who holds this installation's mark of just
    that name, in this place and since that start, is killed.
    """
    one = named(process)
    if one is None or not one.where or one.where != this_place() or one.pid == os.getpid():
        return False
    try:
        handle = os.pidfd_open(one.pid)
    except (OSError, OverflowError):
        return False
    try:
        # looked at with the process in hand, so that its number cannot pass to another between the look and the signal
        if started_at(one.pid) != one.start or _holder(process, folder) != one.pid:
            return False
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        dies = select.poll()
        dies.register(handle, select.POLLIN)
        return bool(dies.poll(PATIENCE_MS))
    except (PermissionError, ProcessLookupError):
        return False
    finally:
        os.close(handle)


def named(process: str) -> Named | None:
    """The parts of a name, or None where it is no name of a process."""
    parts = process.split("/")
    if len(parts) not in (3, 4) or not parts[1].isascii() or not parts[1].isdigit() or len(parts[1]) > 10:
        return None
    return Named(parts[0], int(parts[1]), parts[2], parts[3] if len(parts) == 4 else "")


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _mark_of(process: str, folder: Path) -> Path:
    return folder / hashlib.sha256(process.encode("utf-8", "replace")).hexdigest()[:32]


def _holder(process: str, folder: Path) -> int | None:
    """The number of who holds the mark, 0 where nobody does, None where there is no such mark or none can tell."""
    path = _mark_of(process, folder)
    if path in _marks:
        return os.getpid()  # to open and close it here would let it go
    try:
        with path.open("r+b") as file:
            return _stands_in_the_way(file)
    except OSError:
        return None


def _stands_in_the_way(file: BinaryIO) -> int | None:
    """-1 is a holder in another space of process numbers."""
    asked = struct.pack(_RECORD_LOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    kind, _, _, _, pid = struct.unpack(_RECORD_LOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return 0 if kind == fcntl.F_UNLCK else pid or -1


def _clear(folder: Path, today: float) -> None:
    """Marks of the long dead."""
    for path in folder.iterdir():
        with _gone_meanwhile():
            if path not in _marks and path.stat().st_mtime < today - KEPT:
                with path.open("r+b") as file:
                    free = _stands_in_the_way(file) == 0
                if free:
                    path.unlink()


@contextmanager
def _gone_meanwhile() -> Iterator[None]:
    try:
        yield
    except OSError:
        return
