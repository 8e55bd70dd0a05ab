"""The seal of a row: a keyed digest of what it says and how often it was written, so that another hand's change shows.

Events are chained; what is lived by beside them is sealed. Each row of a sealed table holds its own seal, made with
the chain key at each write. A row beside a case counts its writes, and the case's row, sealed itself, counts the
writes of them all: a row that was taken away, put back as it was earlier, or put in by another hand does not add up.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Column, Table

from workflow.record.columns import Hex, Json, SaidText, Unreadable, instant_text, json_text
from workflow.record.tables import cases, checks, documents, effects, incidents, messages
from workflow.record.vault import Ring
from workflow.sentence import kept_text

Row = Mapping[Any, Any]

BESIDE: tuple[Table, ...] = (effects, incidents, messages, documents, checks)
"""The sealed tables whose rows belong to a case, in the order in which they are checked."""
TABLES: tuple[Table, ...] = (cases, *BESIDE)
COUNTS = ("effects_written", "beside_written")
"""The columns of a case's row that count the writes of its effects, and of all other rows beside it."""
LEASE = frozenset({"owner", "epoch_timeline", "epoch_number", "lease_until"})
"""Columns without a seal: who works on it now. A lease keeps nobody off for longer than its time."""
AUDITED = frozenset({"unaudited", "anchored"})
"""Columns of a case without a seal: whether it was written since it was in order, and the seq that is anchored.

An audit of the whole record uses neither.
"""
ADDED = frozenset({"accounts"})
"""Columns of a case's row that are newer than the first seals: sealed only where they hold something."""

_DIGITS = 32

Verdict = Literal["holds", "missing", "broken"]


def count_of(table: Table) -> str:
    """The column of the case's row that counts the writes of this table's rows."""
    return COUNTS[0] if table is effects else COUNTS[1]


def key_of(table: Table, row: Row) -> tuple[Any, ...]:
    """The primary key of a row."""
    return tuple(row[column.name] for column in table.primary_key)


def make_seal(ring: Ring, table: Table, row: Row, *, typed: bool = False) -> str:
    """The seal of a row as it stands, made with the newest key. Its values are as the driver gave them, or typed."""
    return _seal(ring.newest, ring.keys[ring.newest], table, row, _as_typed if typed else _as_stored)


def judge_seal(ring: Ring, table: Table, row: Row, *, typed: bool = False) -> Verdict:
    """Whether the row is as it was last written here. typed: its values came through the types of their columns."""
    seal = row["seal"]
    if seal is None:
        return "missing"
    name = str(seal).partition(".")[0]
    if name not in ring.keys:
        return "broken"
    try:
        made = _seal(name, ring.keys[name], table, row, _as_typed if typed else _as_stored)
    except (ValueError, TypeError):  # our values are never a NaN or a time without a zone
        return "broken"
    return "holds" if hmac.compare_digest(made.encode(), str(seal).encode(errors="replace")) else "broken"


def _seal(name: str, key: bytes, table: Table, row: Row, plain: Callable[[Column[Any], Any], Any]) -> str:
    said: list[Any] = [table.name, *(plain(column, row[column.name]) for column in _columns(table))]
    said += [[column.name, plain(column, row[column.name])] for column in _added(table) if row[column.name] is not None]
    digest = hmac.digest(key, b"row" + json_text(said).encode(errors="replace"), "sha256")
    return f"{name}.{digest.hex()[:_DIGITS]}"


def _as_typed(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, Json) and value is not None and not isinstance(value, Unreadable):
        return json_text(value)
    if isinstance(column.type, SaidText) and isinstance(value, str):
        return kept_text(value)
    return value.hex() if isinstance(column.type, Hex) and isinstance(value, bytes) else _as_stored(column, value)


def _as_stored(_: Column[Any], value: Any) -> Any:
    """A value as it lies in a column of SQLite, whichever database it came from."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, bytes):  # these are not the text of the same digits
        return ["bytes", value.hex()]
    return value


@cache
def _added(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if table is cases and column.name in ADDED]


@cache
def _columns(table: Table) -> list[Column[Any]]:
    out = {"seal"} | AUDITED | (ADDED if table is cases else set()) | (LEASE if table in (cases, messages) else set())
    return [column for column in table.c if column.name not in out]
