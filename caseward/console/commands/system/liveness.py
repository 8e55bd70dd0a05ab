"""What `caseward doctor` says of the running system: schema, who is alive, and which schedules are late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from caseward.app.changed import changed_systems
from caseward.app.default_schedules import Outgrown, outgrown_defaults
from caseward.app.systems import Systems, read_systems
from caseward.console.commands.incident.ailments import gathered
from caseward.console.commands.system.findings import Finding, Mark
from caseward.console.terminal.timings import failing_parts, outage_parts, standing
from caseward.console.terminal.view import has_record
from workflow.clock import DatabaseClock
from workflow.engine.startup_checks import unfit
from workflow.errors import DatabaseUnusable, SettingsError
from workflow.record.condition import usable
from workflow.record.database import open_database
from workflow.record.identity import check_keys
from workflow.record.migrations import NEWEST, revision
from workflow.record.vault import open_vault
from workflow.schedules.run import Heartbeat
from workflow.settings import Settings
from workflow.store import Account, Store

LATE = timedelta(minutes=1)
NAMED = 3
"""This many are named; of more only the number."""


async def running(settings: Settings) -> list[Finding]:
    """Nothing is migrated: of a database that is behind, no more is read than its schema."""
    if not has_record(settings):
        return []
    try:
        database = open_database(settings.database)
    except DatabaseUnusable:
        return []
    try:
        await usable(database)
        found = await revision(database)
        if found != NEWEST:
            return [_schema(found)]
        vault = open_vault(settings.keys) if settings.keys.exists() else None
        if vault is None:
            return [_schema(found)]
        try:
            await check_keys(database, vault, settings.keys)
        except SettingsError as error:
            parts = {"path": str(settings.keys), "what": error.what, "cure": error.cure}
            return [_schema(found), Finding("keys", Mark.ill, "strange", parts, "strange.cure")]
        store, clock = Store(database, vault, ""), DatabaseClock(database)
        changes = await store.changes()
        systems = changed_systems(read_systems(settings), {}, changes).made
        living = await _living(store, clock, systems, ZoneInfo(settings.timezone))
        return [_schema(found), *living, *_outgrown(await outgrown_defaults(store, systems, settings.timezone))]
    except (DatabaseUnusable, SettingsError, OSError):
        # why it cannot be read is said beside "database" and "keys"
        return []
    finally:
        await database.dispose()


def _schema(found: str | None) -> Finding:
    parts = {"version": found or "-", "newest": NEWEST}
    if found == NEWEST:
        return Finding("schema", Mark.well, "well", parts)
    if found is None:
        return Finding("schema", Mark.mind, "none", parts, "behind.cure")
    if found > NEWEST:
        return Finding("schema", Mark.ill, "ahead", parts, "ahead.cure")
    return Finding("schema", Mark.mind, "behind", parts, "behind.cure")


async def _living(store: Store, clock: DatabaseClock, systems: Systems, zone: ZoneInfo) -> list[Finding]:
    real, now = await clock.real(), await clock.business()
    seen = [one for one in await store.heartbeats() if one.is_alive(real)]
    workers = [one for one in seen if one.queues]
    beats = [one for one in seen if one.kind == "beat"]
    schedules = await store.schedules()
    on = [one for one in schedules if standing(one, now) == "on"]
    late = [one.definition.name for one in on if one.next_run_at and now - one.next_run_at > LATE]
    here = await gathered(store, systems, real=real, now=now)
    strange = [Finding("schedules", Mark.ill, one.what, one.parts, f"{one.what}.cure") for one in here.strange]
    strange += [
        Finding("schedules", Mark.ill, one.how, failing_parts(one, zone), "failing.cure") for one in here.failing
    ]
    outages = [
        Finding("outages", Mark.ill, one.kind, outage_parts(one, zone), f"{one.kind}.cure")
        for one in here.outages
        if one.kind != "beat_missing"  # said beside "beats" and "schedules"
    ]
    jumps = [
        Finding("clock", Mark.mind, "jumped", {"before": said(one.expected, zone), "after": said(one.found, zone)})
        for one in here.jumps
    ]
    unknown = [Finding("flows", Mark.mind, "unknown", here.left, "unknown.cure")] if here.left else []
    unknown += [
        Finding(
            "flows",
            Mark.ill,
            "unfit",
            {"flow": one.flow, "version": one.version, "number": one.number, "why": one.why},
            "unfit.cure",
        )
        for one in await unfit(store, systems.plans)
    ]
    unknown += _homeless(await store.accounts(), systems)
    unknown += _kept_back(await store.waiting_by_channel(), systems)
    stopped = len(schedules) - len(on)
    on_time = [_schedules(len(schedules), stopped, late)]
    return [
        _workers(workers, systems.queues, real),
        *_lacking(workers),
        _beats(beats, real),
        *(strange or on_time),
        *unknown,
        *outages,
        *jumps,
    ]


def _homeless(accounts: Sequence[Account], systems: Systems) -> list[Finding]:
    """The accounts in use at remotes whose accounts no system that is on keeps, so that nobody logs them in."""
    found = Counter(one.adapter for one in accounts if one.retired is None and one.adapter not in systems.pools)
    names = ", ".join(f"{remote} ({n})" for remote, n in sorted(found.items()))
    parts = {"n": found.total(), "names": names}
    return [Finding("accounts", Mark.mind, "unknown", parts, "unknown.cure")] if found else []


def _kept_back(waiting: Mapping[str, int], systems: Systems) -> list[Finding]:
    """The notices that wait for a channel that no system brings which is on."""
    known = {channel for one in systems.systems for channel in one.channels}
    found = {channel: n for channel, n in sorted(waiting.items()) if channel not in known}
    parts = {"n": sum(found.values()), "names": ", ".join(f"{channel} ({n})" for channel, n in found.items())}
    return [Finding("notices", Mark.ill, "kept_back", parts, "kept_back.cure")] if found else []


def said(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _workers(workers: Sequence[Heartbeat], queues: Sequence[str], real: datetime) -> Finding:
    parts = {"n": len(workers), "who": _who(workers, real), "queue": ""}
    if not workers:
        return Finding("workers", Mark.mind, "none", parts, "none.cure")
    served = {queue for one in workers for queue in one.queues}
    if unserved := [queue for queue in queues if queue not in served]:
        told = {**parts, "queue": ", ".join(unserved), "queues": ",".join(unserved)}
        return Finding("workers", Mark.mind, "unserved", told, "unserved.cure")
    return Finding("workers", Mark.well, "well", parts)


def _lacking(workers: Sequence[Heartbeat]) -> list[Finding]:
    """The settings that some workers started without; this process may have them."""
    lacking = [one for one in workers if one.lacks]
    names = sorted({name for one in lacking for name in one.lacks})
    who = ", ".join(one.process for one in lacking[:NAMED])
    parts = {"n": len(lacking), "all": len(workers), "names": ", ".join(names), "who": who}
    return [Finding("lacking", Mark.mind, "some", parts, "some.cure")] if lacking else []


def _beats(beats: Sequence[Heartbeat], real: datetime) -> Finding:
    parts = {"n": len(beats), "who": _who(beats, real)}
    return Finding("beats", Mark.well, "well", parts) if beats else Finding("beats", Mark.mind, "none", {}, "none.cure")


def _schedules(total: int, stopped: int, late: Sequence[str]) -> Finding:
    parts = {"n": total, "stopped": stopped, "late": len(late), "names": ", ".join(late[:NAMED])}
    if not total:
        return Finding("schedules", Mark.mind, "none", parts, "none.cure")
    if late:
        return Finding("schedules", Mark.mind, "late", parts, "late.cure")
    return Finding("schedules", Mark.well, "well", parts)


def _outgrown(found: Sequence[Outgrown]) -> list[Finding]:
    """Which schedules still are as an earlier version brought them, with what differs."""

    def differs(one: Outgrown) -> str:
        return ", ".join(f"{name}: {getattr(one.kept, name)} → {getattr(one.brought, name)}" for name in one.fields)

    told = [f"{one.kept.name} ({differs(one)})" for one in found[:NAMED]]
    parts = {"n": len(found), "names": "; ".join([*told, *(["…"] if len(found) > NAMED else [])])}
    return [Finding("schedules", Mark.mind, "outgrown", parts, "outgrown.cure")] if found else []


def _who(processes: Sequence[Heartbeat], real: datetime) -> str:
    """Process, its queues, and how many seconds ago it was seen."""
    said = [
        " ".join([one.process, *([f"({', '.join(one.queues)})"] if one.queues else []), f"{_age(one, real)} s"])
        for one in processes[:NAMED]
    ]
    return "; ".join([*said, *(["…"] if len(processes) > NAMED else [])])


def _age(one: Heartbeat, real: datetime) -> int:
    return max(int((real - one.seen_at).total_seconds()), 0)
