"""Seals what a transaction wrote, as its last step. A row that was changed by hand keeps its broken seal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, select, tuple_, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from workflow.record.seals import BESIDE, COUNTS, TABLES, Row, count_of, judge_seal, key_of, make_seal
from workflow.record.tables import cases
from workflow.record.vault import Ring

_AT = "touched"
_MANY = 500

Key = tuple[Any, ...]


@dataclass
class Touched:
    """The rows that a transaction has written so far, by table and primary key."""

    ring: Ring
    keys: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    altered: set[tuple[str, Key]] = field(default_factory=set)
    """Rows that are not as they were last written here: they are not sealed anew."""
    lost: dict[str, set[str]] = field(default_factory=dict)
    """Cases that lost rows on purpose, with those of their COUNTS that are made anew."""


def begin_sealing(connection: AsyncConnection, ring: Ring) -> None:
    """Every transaction that writes begins with this and ends with seal_touched."""
    connection.sync_connection.info[_AT] = Touched(ring)  # type: ignore[union-attr]


def touched(connection: AsyncConnection) -> Touched:
    """What this transaction has written so far."""
    found: Touched = connection.sync_connection.info[_AT]  # type: ignore[union-attr]
    return found


def touch(connection: AsyncConnection, table: Table, keys: Iterable[Key | str]) -> None:
    """Note rows that this transaction writes; they were checked before, or are new."""
    touched(connection).keys[table.name].update(key if isinstance(key, tuple) else (key,) for key in keys)


async def examine(connection: AsyncConnection, table: Table, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Lock the rows that are to be written; those that were changed by hand will not be sealed anew.

    Returns the condition that names just these rows: a row that came to fit meanwhile was not checked.
    """
    query = stored(table).where(*where).order_by(*table.primary_key).with_for_update(key_share=True)
    rows = (await connection.execute(query)).mappings().all()
    for row in rows:
        examined(connection, table, row)
    return among(table, [key_of(table, row) for row in rows])


def among(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    """The condition that names the rows of these primary keys."""
    columns = list(table.primary_key)
    return columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)


def examined(connection: AsyncConnection, table: Table, row: Row, *, typed: bool = False) -> bool:
    """Note a row that is about to be written, or was just written; False where it was changed by hand before."""
    found, key = touched(connection), key_of(table, row)
    if key not in found.keys[table.name]:  # what this transaction wrote before was checked then
        touch(connection, table, [key])
        if judge_seal(found.ring, table, row, typed=typed) != "holds":
            found.altered.add((table.name, key))
    return (table.name, key) not in found.altered


def stored(table: Table) -> Select[Any]:
    """The rows as the driver gives them, whatever somebody put into their columns."""
    columns: list[Any] = [type_coerce(column, NullType()).label(column.name) for column in table.c]
    return select(*columns)


async def seal_touched(connection: AsyncConnection) -> None:
    """Seal each row that was written, and count its write in the row of its case."""
    found: Touched = connection.sync_connection.info.pop(_AT)  # type: ignore[union-attr]
    written: dict[str, Counter[str]] = defaultdict(Counter)
    spoilt = set[str]()
    for table in BESIDE:
        new = []
        for row in await _rows(connection, table, found.keys.get(table.name, ())):
            if (table.name, key_of(table, row)) in found.altered:
                spoilt |= {row["case"]} - {None}
            else:
                new.append({**row, "written": row["written"] + 1})
                if row["case"] is not None:
                    written[row["case"]][count_of(table)] += 1
        await _write(connection, table, new, found.ring, ("written",))
    wanted = found.keys.get(cases.name, set()) | {(case,) for case in (*written, *found.lost)}
    new, counted = [], await _count_writes(connection, found.lost)
    for row in await _rows(connection, cases, wanted):
        # only rows beside it were written: it stands as before, and nobody has checked it yet
        key = (row["id"],)
        seen = key in found.keys[cases.name] or judge_seal(found.ring, cases, row) == "holds"
        if seen and (cases.name, key) not in found.altered:
            counts = {name: row[name] + written[row["id"]][name] for name in COUNTS}
            counts |= {name: counted[row["id"]][name] for name in found.lost.get(row["id"], ())}
            new.append({**row, **counts, "unaudited": True})
    await _write(connection, cases, new, found.ring, (*COUNTS, "unaudited"))
    # a row that was changed by hand and written here since is still the next audit's finding
    others = sorted((spoilt | {case for (case,) in wanted}) - {row["id"] for row in new})
    for start in range(0, len(others), _MANY):
        named = cases.c.id.in_(others[start : start + _MANY])
        await connection.execute(update(cases).where(named).values(unaudited=True))


async def _count_writes(connection: AsyncConnection, of: Collection[str]) -> dict[str, Counter[str]]:
    """How many times the rows beside these cases were written, as they stand."""
    counts: dict[str, Counter[str]] = {case: Counter() for case in of}
    for table in BESIDE if of else ():
        query = select(table.c.case, func.sum(table.c.written)).where(table.c.case.isnot(None)).group_by(table.c.case)
        # a few are named one by one; a whole record is counted as a whole
        query = query.where(table.c.case.in_(list(of))) if len(of) <= _MANY else query
        for case, written in await connection.execute(query):
            if case in counts:
                counts[case][count_of(table)] += int(written)
    return counts


async def seal_all(connection: AsyncConnection) -> int:
    """Seal a record whose rows have no seals yet, as they stand; returns how many cases."""
    for table in TABLES:
        keys = await connection.execute(select(*table.primary_key))
        touch(connection, table, [tuple(key) for key in keys])
    found = touched(connection)
    found.lost = {case: set(COUNTS) for (case,) in found.keys[cases.name]}
    return len(found.lost)


async def _rows(connection: AsyncConnection, table: Table, keys: Iterable[Key]) -> list[dict[str, Any]]:
    """The rows, locked in the order of their keys, so that two transactions do not deadlock."""
    ordered, rows = sorted(keys), list[dict[str, Any]]()
    for start in range(0, len(ordered), _MANY):
        some = ordered[start : start + _MANY]
        query = stored(table).where(among(table, some)).order_by(*table.primary_key)
        if table is cases:
            # a second update beside it has locked the case's key for sharing: a stronger lock would deadlock
            query = query.with_for_update(key_share=True)
        rows += [dict(row) for row in (await connection.execute(query)).mappings()]
    return rows


async def _write(
    connection: AsyncConnection, table: Table, rows: Sequence[Row], ring: Ring, counts: Sequence[str]
) -> None:
    if not rows:
        return
    columns = list(table.primary_key)
    same = [column == bindparam(f"key_{column.name}") for column in columns]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in (*counts, "seal")}
    given = [
        {f"key_{column.name}": row[column.name] for column in columns}
        | {f"new_{name}": row[name] for name in counts}
        | {"new_seal": make_seal(ring, table, row)}
        for row in rows
    ]
    await connection.execute(update(table).where(*same).values(values), given)
