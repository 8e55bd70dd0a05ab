"""Kills a Chromium with its driver and all their children, however frozen, and deletes its profile."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import gettempdir

import psutil  # type: ignore[import-untyped]  # it ships no types

PROFILE_FLAG = "--user-data-dir="


def marked(marker: str) -> list[psutil.Process]:
    """The processes that bear the marker on their command line, and all their descendants."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            if marker in process.cmdline():
                for one in (process, *process.children(recursive=True)):
                    found[one.pid] = one
        except psutil.Error:
            continue  # it ended meanwhile, or is another user's
    return list(found.values())


def driver_of(marker: str) -> int | None:
    """The process id of Playwright's driver: the parent of the topmost marked process."""
    family = marked(marker)
    pids = {process.pid for process in family}
    for process in family:
        parent = _parent(process)
        if parent is not None and parent.pid not in pids and _drives(parent):
            return int(parent.pid)
    return None


def kill(marker: str, driver: int | None, *, patience: float = 3.0) -> int:
    """Kill the family and its driver, remove the profile; returns how many processes were killed."""
    family = marked(marker)
    profiles = {Path(profile) for process in family if (profile := _profile(process))}
    if driver is not None and psutil.pid_exists(driver) and _drives(psutil.Process(driver)):
        family.append(psutil.Process(driver))
    for process in family:
        try:
            process.kill()
        except psutil.Error:
            continue
    deadline = time.monotonic() + patience
    while any(_lives(process) for process in family) and time.monotonic() < deadline:
        time.sleep(0.02)
    _clear(profiles)
    return sum(not _lives(process) for process in family)


def _lives(process: psutil.Process) -> bool:
    """Whether the process lives. A zombie is dead: it only waits for its parent."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _parent(process: psutil.Process) -> psutil.Process | None:
    try:
        return process.parent()
    except psutil.Error:
        return None


def _drives(process: psutil.Process) -> bool:
    try:
        return "run-driver" in process.cmdline()
    except psutil.Error:
        return False


def _profile(process: psutil.Process) -> str | None:
    try:
        return next(
            (flag.removeprefix(PROFILE_FLAG) for flag in process.cmdline() if flag.startswith(PROFILE_FLAG)), None
        )
    except psutil.Error:
        return None


def _clear(profiles: Iterable[Path]) -> None:
    for profile in profiles:
        if profile.is_relative_to(gettempdir()):  # only what the driver made for this one browser
            shutil.rmtree(profile, ignore_errors=True)
