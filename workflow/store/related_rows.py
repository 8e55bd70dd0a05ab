"""Writes what belongs to a case beside its row, in the same transaction: events, effects, notices, incidents, codes."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict
from workflow.record.codes_on_file import CODE, CodesOnFile
from workflow.record.events import Event
from workflow.record.tables import accounts, cases, checks, effects, events, incidents, live, messages, secrets
from workflow.record.values import Check, Claim, Effect, Message, NewIncident
from workflow.sentence import Sentence
from workflow.store.rows import RelatedRows, Row, effect_columns, effect_of, fields
from workflow.store.seals import examine, touch

CAPTCHA = "captcha"
"""The kind of a person's answer at a login, which no action of a case reads."""
Insert = sqlite.Insert | postgresql.Insert
Rounds = Mapping[str, int]
"""The round that each case is in."""


def new_id() -> str:
    """An opaque id that nobody can guess."""
    return random.token_hex(16)


def case_number(prefix: str, given: int) -> str:
    """A case's number for people: the prefix and this number."""
    return f"{prefix}-{given:04d}"


def inserting(connection: AsyncConnection, table: Table) -> Insert:
    """An INSERT for the connected database, with ON CONFLICT."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def write_events(connection: AsyncConnection, written: Sequence[Event]) -> None:
    if written:
        await connection.execute(insert(events), [fields(event) for event in written])


async def write_effects(connection: AsyncConnection, case: str, rows: Sequence[Effect]) -> None:
    """Write effects by key. A testimony that came meanwhile stays: the writer may not have seen it."""
    if not rows:
        return
    await examine(connection, effects, effects.c.case == case, effects.c.key.in_([effect.key for effect in rows]))
    statement = inserting(connection, effects)
    names = [column.name for column in effects.c if not column.primary_key and column.name not in ("written", "seal")]
    new: dict[str, Any] = {name: statement.excluded[name] for name in names}
    new["testimony"] = func.coalesce(statement.excluded.testimony, effects.c.testimony)
    statement = statement.on_conflict_do_update(index_elements=["case", "key"], set_=new)
    await connection.execute(statement, [effect_columns(case, effect) for effect in rows])
    touch(connection, effects, [(case, effect.key) for effect in rows])


async def write_messages(
    connection: AsyncConnection,
    told: Iterable[tuple[str, int, Message]],
    now: datetime,
) -> None:
    """Write (case, round, notice) to the outbox. A recipient is told of an occasion once a round."""
    rows = [
        {name: value for name, value in fields(message).items() if name != "after"}
        | {"id": new_id(), "case": case, "round": round_, "status": "queued"}
        | {"written_at": now, "due_at": now + message.after}
        for case, round_, message in told
    ]
    if rows:
        await connection.execute(inserting(connection, messages).on_conflict_do_nothing(), rows)
        touch(connection, messages, [row["id"] for row in rows])


async def free_messages(
    connection: AsyncConnection, before: Claim, freed: Iterable[tuple[str, bool | None]], now: datetime
) -> None:
    """Ids of notices of the case: True makes one due now, False ends it.

    None ends it, if it is held back still, under an occasion of its own: the same may be told again in the round.
    Otherwise raises Conflict where one is not held back any more: its text is on its way, or another person decided.
    """
    for id_, is_released in freed:
        new: dict[str, Any] = {"due_at": now} if is_released else {"status": "dropped", "settled_at": now}
        if is_released is None:
            new["occasion"] = messages.c.occasion.concat(f"/untrue{before.seq}")
        held = and_(messages.c.status == "queued", messages.c.attempts == 0, messages.c.due_at > now)
        untried = await examine(connection, messages, messages.c.id == id_, held)
        written = await connection.execute(update(messages).where(untried).values(**new))
        if not written.rowcount and is_released is not None:
            raise Conflict(
                before.number,
                Sentence(
                    "notice_left_meanwhile",
                    "one of these notices is on its way, or another person decided about it meanwhile",
                ),
            )


async def close_runs(connection: AsyncConnection, ended: Iterable[tuple[str, Check]]) -> None:
    rows = [fields(check) | {"case": case} for case, check in ended]
    if rows:
        made = await connection.execute(insert(checks).returning(checks.c.id), rows)
        touch(connection, checks, [(id_,) for id_ in made.scalars()])


async def open_incidents(
    connection: AsyncConnection, case: str, new_incidents: Iterable[NewIncident], now: datetime
) -> list[dict[str, Any]]:
    """Open the incidents that were not open yet; returns their rows."""
    opened = []
    for trouble in new_incidents:
        row: dict[str, Any] = fields(trouble) | {
            "id": new_id(),
            "case": case,
            "effect": trouble.effect or "",
            "opened_at": now,
        }
        statement = inserting(connection, incidents).values(**row).on_conflict_do_nothing()
        if (await connection.execute(statement.returning(incidents.c.id))).first():
            opened.append(row)
            touch(connection, incidents, [row["id"]])
    return opened


async def close_incidents(
    connection: AsyncConnection, case: str, kinds: Sequence[str], *, by: str, reason: str | None, now: datetime
) -> list[dict[str, Any]]:
    """Close the incidents; returns the rows of those that were open."""
    if not kinds:
        return []
    named = incidents.c.kind.in_(kinds)
    wanted = and_(
        incidents.c.case == case,
        incidents.c.closed_at.is_(None),
        or_(named, incidents.c.bars) if "*" in kinds else named,
    )
    open_ones = await examine(connection, incidents, wanted)
    closed = await connection.execute(
        update(incidents).where(open_ones).values(closed_at=now, closed_by=by, close_reason=reason).returning(incidents)
    )
    return [dict(row) for row in closed.mappings()]


async def barred(connection: AsyncConnection, case: str) -> bool:
    """Whether an open incident keeps the case from being claimed."""
    bars = exists().where(incidents.c.case == case, incidents.c.closed_at.is_(None), incidents.c.bars)
    return bool((await connection.execute(select(bars))).scalar())


async def wipe_codes(connection: AsyncConnection, case: str, readers: Sequence[str], now: datetime) -> None:
    """Delete the values of used codes, and keep their count.

    Only codes that an action read are deleted: one that came meanwhile was not used, though it replaced one that was.
    """
    if readers:
        read = and_(secrets.c.case == case, secrets.c.read_by.in_(readers), secrets.c.used_at.is_(None))
        await connection.execute(update(secrets).where(read).values(sealed=None, used_at=now))


async def wake_deferred(connection: AsyncConnection, why: str, account: str, now: datetime) -> None:
    """Make the cases due that waited for this account's login."""
    waiting = and_(cases.c.account == account, cases.c.deferred == why, live)
    found = await examine(connection, cases, waiting)
    await connection.execute(update(cases).where(found).values(deferred=None, due_at=now))


async def nudge_account(connection: AsyncConnection, account: str, now: datetime) -> None:
    """Make the account's own case due, unless it is already."""
    own = select(accounts.c.case).where(accounts.c.id == account).scalar_subquery()
    later = or_(cases.c.due_at.is_(None), cases.c.due_at > now)
    asleep = await examine(connection, cases, cases.c.id == own, later, live)
    await connection.execute(update(cases).where(asleep).values(due_at=now))


async def beside(connection: AsyncConnection, rows: Iterable[Row]) -> dict[str, RelatedRows]:
    """What belongs to these cases beside their rows, with one query for each kind."""
    rounds: dict[str, int] = {row["id"]: row["round"] for row in rows}
    spoilt: dict[str, tuple[str, ...]] = dict.fromkeys(rounds, ())
    done, codes = await _effects(connection, rounds, spoilt), await _codes(connection, rounds, spoilt)
    told = await _told(connection, rounds)
    return {case: RelatedRows(done[case], codes[case], told[case], spoilt[case]) for case in rounds}


async def _effects(
    connection: AsyncConnection, rounds: Rounds, spoilt: dict[str, tuple[str, ...]]
) -> dict[str, tuple[Effect, ...]]:
    found: dict[str, tuple[Effect, ...]] = dict.fromkeys(rounds, ())
    query = select(effects).where(effects.c.case.in_(list(rounds))).order_by(effects.c.intended_at, effects.c.key)
    for row in (await connection.execute(query)).mappings():
        try:
            found[row["case"]] += (effect_of(row),)
        except ValueError:
            spoilt[row["case"]] += (f"effect {row['key']}",)
    return found


async def _codes(
    connection: AsyncConnection, rounds: Rounds, spoilt: dict[str, tuple[str, ...]]
) -> dict[str, CodesOnFile]:
    """What is on file of the codes, and of secrets of other kinds; never one itself."""
    query = select(secrets.c.case, secrets.c.kind, secrets.c.owner, secrets.c.round, secrets.c.used_at).where(
        secrets.c.kind != CAPTCHA,
        secrets.c.case.in_(list(rounds)),
        # neither unused nor used: another code replaced it
        or_(secrets.c.sealed.isnot(None), secrets.c.used_at.isnot(None)),
    )
    unused: dict[tuple[str, str], set[str]] = {}
    used: dict[tuple[str, str], dict[str, int]] = {}
    for row in await connection.execute(query):
        if row.round != rounds[row.case]:
            continue
        if not isinstance(row.owner, str):
            spoilt[row.case] += ("a code's owner",)
        elif not isinstance(row.kind, str):
            spoilt[row.case] += ("a code's kind",)
        elif row.used_at is None:
            unused.setdefault((row.case, row.kind), set()).add(row.owner)
        else:
            counts = used.setdefault((row.case, row.kind), {})
            counts[row.owner] = counts.get(row.owner, 0) + 1

    def of(case: str, kind: str, **others: Any) -> CodesOnFile:
        at = case, kind
        return CodesOnFile(unused=frozenset(unused.get(at, ())), used=used.get(at, {}), **others)

    kinds: dict[str, set[str]] = {}
    for case, kind in (*unused, *used):
        if kind != CODE:
            kinds.setdefault(case, set()).add(kind)
    return {case: of(case, CODE, others={kind: of(case, kind) for kind in kinds.get(case, ())}) for case in rounds}


async def _told(connection: AsyncConnection, rounds: Rounds) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {case: set() for case in rounds}
    columns = (messages.c.case, messages.c.round, messages.c.occasion, messages.c.recipient)
    for row in await connection.execute(select(*columns).where(messages.c.case.in_(list(rounds)))):
        if row.round == rounds[row.case]:
            found[row.case].add((row.occasion, row.recipient))
    return {case: frozenset(told) for case, told in found.items()}
