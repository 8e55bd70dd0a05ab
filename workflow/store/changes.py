"""A commit as one row of changes, and the one statement that writes any number of such rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.columns import instant_text, json_text
from workflow.record.events import Event
from workflow.record.tables import cases
from workflow.record.values import Check, Claim, Commit, Decision
from workflow.store.rows import decision_json
from workflow.store.seals import touch

Change = Mapping[str, Any]
"""The new values of a case row as JSON, None where a value stays; with the id and, where guarded, the guards."""

_GUARDS = {"id": "text", "was_seq": "int", "was_owner": "text", "was_timeline": "int", "was_number": "bigint"}
_KEPT = {
    "state": "text",
    "data": "text",
    "round": "int",
    "seq": "int",
    "head": "text",
    "entered_at": "timestamptz",
    "decisions": "int",
    "queue": "text",
    "auto": "boolean",
    "barred": "boolean",
    "final": "boolean",
    "failures": "int",
    "crash_count": "int",
    "flow_version": "int",
    "subject": "text",
    "check_digest": "text",
    "check_first": "timestamptz",
    "check_last": "timestamptz",
    "check_count": "int",
    "check_body": "text",
}
_CLEARED = {"decision": "text", "held": "text", "deferred": "text", "account": "text", "accounts": "text"}
_OTHERS = {"due_at": "timestamptz", "release": "boolean"}
_COLUMNS = _GUARDS | _KEPT | _CLEARED | _OTHERS


def change_of(claim: Claim, commit: Commit, events: Sequence[Event], now: datetime) -> dict[str, Any]:
    """What the commit makes of the row that this claim describes."""
    last = events[-1] if events else None
    change: dict[str, Any] = {
        "id": claim.case,
        "state": commit.state,
        "data": None if commit.data is None else json_text(commit.data),
        "round": commit.round,
        "seq": last.seq if last else None,
        "head": last.hash.hex() if last else None,
        "entered_at": None if commit.state is None else instant_text(now),
        "queue": commit.queue,
        "auto": commit.auto,
        "final": commit.final,
        "failures": commit.failures,
        "crash_count": commit.crash_count,
        "flow_version": commit.flow_version,
        "subject": commit.subject,
        "held": commit.held,
        "deferred": commit.deferred,
        "due_at": None if commit.due_at is None else instant_text(commit.due_at),
        "release": commit.release,
    }
    if isinstance(commit.decision, Decision):
        change["decision"] = json_text(decision_json(commit.decision))
        change["decisions"] = commit.decision.number
    elif commit.decision == "clear":
        change["decision"] = ""
    if commit.check is not None:
        change |= _run(claim.check, commit.check)
    return change


def rebased(seen: Any, wanted: Any, stands: Any) -> dict[str, Any]:
    """The data as it stands now, with the fields that the commit changed in the data it saw."""
    return {**stands, **{name: value for name, value in wanted.items() if name not in seen or seen[name] != value}}


def guarded(claim: Claim, commit: Commit) -> dict[str, Any]:
    """The conditions on the row under which its change is written."""
    return {
        "was_seq": claim.seq if commit.guard == "version" else None,
        "was_owner": claim.owner,
        "was_timeline": claim.epoch.timeline,
        "was_number": claim.epoch.number,
    }


def closes_run(before: Check | None, commit: Commit) -> bool:
    """Whether the open run of equal waits ends with this commit, and moves to `checks`."""
    return before is not None and commit.check is not None and commit.check.digest != before.digest


async def write_many(connection: AsyncConnection, changes: Sequence[Change]) -> set[str]:
    """Write the changes whose guards hold, in one statement; returns the ids of these cases."""
    rows = await connection.execute(_IDS[connection.dialect.name], {"rows": json_text(changes)})
    held = {row.id for row in rows}
    touch(connection, cases, held)
    return held


async def write_one(connection: AsyncConnection, change: Change) -> dict[str, Any]:
    """Write the change of one locked row; returns the row as it is now."""
    rows = await connection.execute(_ROWS[connection.dialect.name], {"rows": json_text([change])})
    row = dict(rows.mappings().one())
    touch(connection, cases, [row["id"]])
    return row


def _run(before: Check | None, check: Check) -> dict[str, Any]:
    if before is not None and before.digest == check.digest:
        return {"check_last": instant_text(check.last), "check_count": before.count + 1}
    return {
        "check_digest": check.digest,
        "check_first": instant_text(check.first),
        "check_last": instant_text(check.last),
        "check_count": 1,
        "check_body": json_text(check.body),
    }


def _statement(dialect: str, returning: str) -> TextClause:
    if dialect == "sqlite":
        parts = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in _COLUMNS)
        source = f"(SELECT {parts} FROM json_each(:rows)) AS new"
    else:
        parts = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
        source = f"json_to_recordset(CAST(:rows AS json)) AS new({parts})"
    sets = [f"{name} = coalesce(new.{name}, cases.{name})" for name in _KEPT]
    sets += [
        f"{name} = CASE WHEN new.{name} = '' THEN NULL ELSE coalesce(new.{name}, cases.{name}) END" for name in _CLEARED
    ]
    sets += [f"{name} = CASE WHEN new.release THEN NULL ELSE cases.{name} END" for name in ("owner", "lease_until")]
    sets.append(
        "due_at = CASE WHEN coalesce(new.final, cases.final) THEN NULL ELSE coalesce(new.due_at, cases.due_at) END"
    )
    return text(
        f"UPDATE cases SET {', '.join(sets)} FROM {source} WHERE cases.id = new.id"
        " AND (new.was_seq IS NULL OR cases.seq = new.was_seq)"
        " AND (new.was_owner IS NULL OR cases.owner = new.was_owner"
        " AND cases.epoch_timeline = new.was_timeline AND cases.epoch_number = new.was_number)"
        f" RETURNING {returning}"
    )


_DIALECTS = ("sqlite", "postgresql")
_IDS = {name: _statement(name, "cases.id").columns(cases.c.id) for name in _DIALECTS}
_ROWS = {
    name: _statement(name, ", ".join(f"cases.{column.name}" for column in cases.c)).columns(*cases.c)
    for name in _DIALECTS
}
