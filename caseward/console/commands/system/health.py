"""What `caseward doctor` looks at beside the browser: Python, folder, disk, keys, database, clocks and remotes."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from caseward.app.adapters import ask_alone
from caseward.app.changed import as_set
from caseward.app.system_checks import missing_channels, strange_variables
from caseward.app.systems import Installed, read_systems
from caseward.console.commands.system.findings import Finding, Mark
from caseward.console.terminal.view import has_record
from workflow.clock import DatabaseClock
from workflow.errors import DatabaseUnusable, RemoteError, SettingsError
from workflow.flow.mistakes import words
from workflow.flow.remotes import Remote
from workflow.record.condition import undamaged, writable
from workflow.record.database import file_url, name_of, open_database
from workflow.record.folder import SHARED, named, open_files, open_to_others, things_of_others
from workflow.record.identity import refuse_lost
from workflow.record.vault import open_vault
from workflow.sentence import Sentence, machine_said
from workflow.settings import Settings

OLDEST = (3, 11)
ROOM, TIGHT = 1 << 30, 200 << 20
"""Bytes: below the first one a person should know, below the second nothing is safe to write."""
SKEW = timedelta(seconds=60)
WAIT = 5.0
"""Seconds that a remote has to answer."""


async def interpreter() -> list[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        return [Finding("python", Mark.ill, "old", {"version": version}, "old.cure")]
    return [Finding("python", Mark.well, "well", {"version": version})]


async def language(settings: Settings) -> list[Finding]:
    return [Finding("zone", Mark.well, "well", {"zone": settings.timezone, "lang": settings.lang or "-"})]


async def variables(settings: Settings) -> list[Finding]:
    """Nothing is said while each variable that looks like ours is one, each line of the folder's and each change."""
    strange = strange_variables(read_systems(settings), settings)
    names = [f"{name} ({meant}?)" for name, meant in strange.items() if meant]
    unread = [name for name, meant in strange.items() if not meant]  # a system that is off may read them
    unfit = (await as_set(settings)).unfit
    said = {"unknown": names, "unread": unread, "unfit": list(unfit)}
    return [
        Finding("settings", Mark.mind, what, {"names": ", ".join(those)}, f"{what}.cure")
        for what, those in said.items()
        if those
    ]


async def data_folder(settings: Settings) -> list[Finding]:
    folder = settings.data_dir
    parts = {"folder": str(folder.absolute())}
    standing = _standing(folder)
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        return [Finding("data", Mark.ill, "closed", parts, "closed.cure")]
    if strange := things_of_others(folder):
        what = "shared" if strange == [SHARED] else "strange"
        return [Finding("data", Mark.ill, what, {**parts, "names": named(strange)}, "strange.cure")]
    if not has_record(settings):
        return [Finding("data", Mark.mind, "empty", parts, "empty.cure")]
    if (mode := open_to_others(folder)) is not None:
        return [Finding("data", Mark.ill, "open", {**parts, "mode": f"{mode:04o}"}, "open.cure")]
    return [Finding("data", Mark.well, "well", parts)]


async def disk(settings: Settings) -> list[Finding]:
    free = shutil.disk_usage(_standing(settings.data_dir)).free
    parts = {"free": f"{free / (1 << 30):.1f}"}
    if free < ROOM:
        return [Finding("disk", Mark.ill if free < TIGHT else Mark.mind, "tight", parts, "tight.cure")]
    return [Finding("disk", Mark.well, "well", parts)]


async def keys(settings: Settings) -> list[Finding]:
    path = settings.keys
    if not path.exists():
        if has_record(settings):
            return [Finding("keys", Mark.ill, "gone", {"path": str(path)}, "gone.cure")]
        return [Finding("keys", Mark.mind, "none", {"path": str(path)})]
    try:
        open_vault(path)
    except SettingsError as error:
        return [Finding("keys", Mark.ill, "wrong", {"what": error.what, "cure": error.cure}, "wrong.cure")]
    except OSError as error:
        return [
            Finding(
                "keys",
                Mark.ill,
                "wrong",
                {"what": machine_said(error), "cure": Sentence("chmod_600", "chmod 600 {path}", path=path)},
                "wrong.cure",
            )
        ]
    mode = f"{path.stat().st_mode & 0o777:04o}"
    return [Finding("keys", Mark.well, "well", {"mode": mode})]


async def database(settings: Settings) -> list[Finding]:
    if not has_record(settings):
        return [Finding("database", Mark.mind, "none", {}, "none.cure")]
    try:
        engine = open_database(settings.database)
    except DatabaseUnusable as error:
        return [_unusable(error)]
    try:
        await writable(engine)
        await undamaged(engine)
        await refuse_lost(engine, settings.anchors, settings.journal)
        version = ".".join(map(str, engine.dialect.server_version_info or ()))
        for path, mode in open_files(settings.file_elsewhere):
            parts = {"path": str(path), "mode": f"{mode:04o}"}
            return [Finding("database", Mark.ill, "open", parts, "open.cure")]
        kind = "sqlite" if engine.dialect.name == "sqlite" else "server"
        return [Finding("database", Mark.well, kind, {"where": name_of(engine), "version": version})]
    except DatabaseUnusable as error:
        return [_unusable(error)]
    finally:
        await engine.dispose()


async def clocks(settings: Settings) -> list[Finding]:
    """The database's clock decides; one that differs from this machine's makes every lease long or short."""
    if settings.database_url is None or not settings.database_url.startswith("postgres"):
        return [Finding("clock", Mark.well, "own")]
    engine = open_database(settings.database)
    here = open_database(file_url(_standing(settings.data_dir) / "caseward.db"))
    try:
        skew = await DatabaseClock(engine).real() - await DatabaseClock(here).real()
    except Exception as error:  # noqa: BLE001 - whatever the server says, the line above names it already
        return [Finding("clock", Mark.mind, "unknown", {"why": type(error).__name__})]
    finally:
        await engine.dispose()
        await here.dispose()
    parts = {"seconds": f"{skew.total_seconds():+.1f}"}
    if abs(skew) > SKEW:
        return [Finding("clock", Mark.ill, "apart", parts, "apart.cure")]
    return [Finding("clock", Mark.well, "well", parts)]


async def remotes(settings: Settings) -> list[Finding]:
    """Each address that is set is asked whether somebody answers, and then what only its own system answers.

    What else a remote needs, such as a token or a name, is told where it is not set.
    """
    systems = (await as_set(settings)).systems
    installed = systems.installed
    places = {
        one.system.variables[field]: (one, remote, said if isinstance(said, str) else "")
        for one, remote in systems.opened
        if remote.part_of is None
        for field in remote.needs
        if not (said := getattr(one.settings, field)) or (isinstance(said, str) and "://" in said)
    }
    async with httpx.AsyncClient(timeout=WAIT, trust_env=False) as client:
        asked = (_remote(settings, client, variable, *place) for variable, place in places.items())
        found = await asyncio.gather(*asked)
    said = [name for one in installed for fields in one.system.notice_needs.values() for name in one.lacks(fields)]
    lacking = [name for name in dict.fromkeys(said) if name not in places]
    parts = {"names": ", ".join(lacking)}
    mute = [(one.system.name, said) for one in installed for said in missing_channels(systems, one)]
    return [
        *found,
        *([Finding("notices", Mark.mind, "unset", parts, "unset.cure")] if lacking else []),
        *(Finding("notices", Mark.ill, "mute", {"system": name, "why": said}, "mute.cure") for name, said in mute),
    ]


async def _remote(
    settings: Settings, client: httpx.AsyncClient, variable: str, installed: Installed, remote: Remote, address: str
) -> Finding:
    name = remote.name
    parts = {"address": address, "setting": variable}
    if not address:
        sandbox = installed.system.sandbox
        played = {installed.system.variables[field] for field in (sandbox.addresses if sandbox is not None else ())}
        return Finding(name, Mark.mind, "unset", parts, "unset.played.cure" if variable in played else "unset.cure")
    try:
        async with client.stream("GET", address) as reply:  # what it holds is of no interest, and may have no end
            pass
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(name, Mark.ill, "silent", {**parts, "why": type(error).__name__}, "silent.cure")
    here = open_database(file_url(_standing(settings.data_dir) / "caseward.db"))
    skew = timedelta(0)
    if told := reply.headers.get("date"):
        try:
            skew = parsedate_to_datetime(told) - await DatabaseClock(here).real()
        except (TypeError, ValueError):
            skew = timedelta(0)
    await here.dispose()
    if abs(skew) > SKEW:
        return Finding(name, Mark.mind, "apart", {**parts, "seconds": f"{skew.total_seconds():+.0f}"}, "apart.cure")
    if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Finding(name, Mark.mind, "busy", {**parts, "status": reply.status_code}, "busy.cure")
    try:
        async with asyncio.timeout(WAIT):
            await ask_alone(installed, remote)
    except RemoteError as error:
        return Finding(name, Mark.ill, "odd", {**parts, "why": error.why}, "odd.cure")
    except TimeoutError as error:
        return Finding(name, Mark.ill, "silent", {**parts, "why": type(error).__name__}, "silent.cure")
    except Exception as error:  # noqa: BLE001 - one remote's mistake says nothing of what else is looked at
        return Finding(name, Mark.ill, "odd", {**parts, "why": words(error)}, "odd.cure")
    return Finding(name, Mark.well, "well", parts)


def _unusable(error: DatabaseUnusable) -> Finding:
    parts = {"where": error.where, "what": error.what, "cure": error.cure}
    return Finding("database", Mark.ill, "unusable", parts, "unusable.cure")


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
