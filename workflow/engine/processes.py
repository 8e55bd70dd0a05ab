"""Names a process uniquely, tells whether it is certainly dead, and kills only processes of this installation."""

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
"""The mark of a dead process is deleted after this many seconds."""
PATIENCE_MS = 5000
"""A killed process may take this many milliseconds to die."""
_RECORD_LOCK = "hhqqi"
"""The flock struct of Linux: the lock that is asked for, and the process that holds it."""


class Mark:
    """A file that stays locked while its process lives and somebody in it keeps this object."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __del__(self) -> None:
        self._file.close()


_marks: WeakValueDictionary[Path, Mark] = WeakValueDictionary()


@dataclass(frozen=True)
class Named:
    """The parts of a process's name.

    where: this start of the machine and its PID namespace; "" in names of old versions.
    """

    host: str
    pid: int
    start: str
    where: str


def marks_of(data: Path) -> Path:
    """The folder in which the living processes of an installation hold their marks, by its data folder."""
    return data / "processes"


def this_process() -> str:
    """host/pid/start/where: unique over machines, containers and restarts; at most 120 characters."""
    return f"{this_host()[:64]}/{os.getpid()}/{started_at(os.getpid())}/{this_place()}"


def this_host() -> str:
    return socket.gethostname()


def this_place() -> str:
    """The start of this machine and its PID namespace: two containers count their processes apart."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
    return f"{boot.replace('-', '')[:12]}.{space.strip('pid:[]')}"


def started_at(pid: int) -> str:
    """When a process of this place started, in the kernel's ticks; "" where there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def mark(process: str, folder: Path) -> Mark | None:
    """Lock the mark of this process. The kernel unlocks it when the process dies; keep the object as long as it works.

    The folder belongs to one installation: a copy of the database, or a row that somebody wrote, holds no mark.
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
    """Whether the process is certainly dead.

    False where nobody can tell, such as in a container that hides its processes.
    """
    one = named(process)
    if one is None or not one.where:
        return False
    if one.where == this_place():
        return not _there(one.pid) or started_at(one.pid) != one.start
    same_machine = one.where.split(".")[0] == this_place().split(".")[0]
    # its mark is free: the kernel that held it let it go, or has started anew since
    return (same_machine or one.host == this_host()[:64]) and _holder(process, folder) == 0


def lives(process: str, folder: Path) -> bool:
    """Whether the process is certainly alive: it holds this installation's mark. False where nobody can tell."""
    one = named(process)
    if one is None or not one.where:
        return False
    if one.where == this_place():
        return started_at(one.pid) == one.start and (one.pid == os.getpid() or _holder(process, folder) == one.pid)
    return _holder(process, folder) not in (0, None)


def killed(process: str, folder: Path) -> bool:
    """Kill a worker that outlived its lease, since nothing else stops a call of it; returns whether it is dead.

    The name comes from a row, so its PID alone is not believed. The process must hold this installation's mark of that
    very name, in this place, and have started when the name says.
    """
    one = named(process)
    if one is None or not one.where or one.where != this_place() or one.pid == os.getpid():
        return False
    try:
        handle = os.pidfd_open(one.pid)
    except (OSError, OverflowError):
        return False
    try:
        # checked while pidfd holds the process, so that its PID cannot pass to another one before the signal
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
    """The PID that holds the mark; 0: nobody holds it; None: there is no such mark, or nobody can tell."""
    path = _mark_of(process, folder)
    if path in _marks:
        return os.getpid()  # this process holds it: to open and close the file here would unlock it
    try:
        with path.open("r+b") as file:
            return _stands_in_the_way(file)
    except OSError:
        return None


def _stands_in_the_way(file: BinaryIO) -> int | None:
    """The PID that holds the lock, 0 where it is free; -1: a holder in another PID namespace."""
    asked = struct.pack(_RECORD_LOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    kind, _, _, _, pid = struct.unpack(_RECORD_LOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return 0 if kind == fcntl.F_UNLCK else pid or -1


def _clear(folder: Path, today: float) -> None:
    """Delete the marks of processes that died long ago."""
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
