"""How instants, JSON and digests are stored in a column, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Boolean, Column, DateTime, Integer, String, Table, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from workflow.plain_text import HALF, escaped
from workflow.sentence import Said, kept_text, said_in

LARGEST = 250_000
"""At most this many characters of an answer or result are kept as JSON.

In twelve registrations the largest result has 143 and the largest event, with all its facts, 3,115; a work with two
hundred owners would have 51,000.
"""


def instant_text(at: datetime) -> str:
    """An instant in UTC as text of fixed width, so that texts sort as times do."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone; every instant of the record is UTC")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def json_text(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks, UTF-8, no NaN. Half a surrogate pair is written as a JSON escape."""
    text = _dumped(value)
    if HALF.search(text) is None:
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # two halves may be a pair
    return HALF.sub(lambda found: escaped(found[0]), whole)


def recordable(value: Any, most: int = LARGEST) -> Any:
    """The value as JSON that can be written and read back the same.

    Raises ValueError, TypeError or RecursionError for what cannot: NaN, half a surrogate pair, a value without end, and
    one larger than most.
    """
    plain = to_jsonable_python(value)
    text = _dumped(plain)
    if half := HALF.search(text):
        raise ValueError(f"{escaped(half[0])} is half a character, which cannot be written")
    if len(text) > most:
        raise ValueError(f"it has {len(text)} characters as JSON, and {most} is the most that is kept")
    return plain


def _dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Instant(TypeDecorator[datetime]):
    """An instant to the microsecond: timestamptz on PostgreSQL, text in UTC that sorts as time on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = instant_text(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        try:
            return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            return Unreadable(value)  # type: ignore[return-value]


class Unreadable(str):
    """Somebody put into a column what it cannot hold. One such row does not hide the others."""


class Switch(TypeDecorator[bool]):
    """A Boolean. SQLite may hold any word in its place; none of those counts as true."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Boolean() if dialect.name == "postgresql" else Integer())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None else bool(value) if value in (0, 1) else Unreadable(value)


class Json(TypeDecorator[Any]):
    """Canonical JSON as text.

    shape: the type that it must have, such as dict or list[str]; anything else is unreadable.
    """

    impl = Text
    cache_ok = True

    def __init__(self, shape: Any = Any) -> None:
        super().__init__()
        self.shape = shape
        self._fits = TypeAdapter(shape).validate_python

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            found = json.loads(value)
            self._fits(found, strict=True)
        except (ValueError, TypeError, RecursionError):
            return Unreadable(value)
        return found


class SaidText(TypeDecorator[Said]):
    """Words for people, with the code and the parts where they have one. A text without a code is read as a quote."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else kept_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return said_in(value) if isinstance(value, str) else value


class Hex(TypeDecorator[bytes]):
    """A digest as hexadecimal text, so that it can travel inside a JSON parameter."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.hex()

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        try:
            return None if value is None else bytes.fromhex(value)
        except (ValueError, TypeError):
            return Unreadable(value)  # type: ignore[return-value]


def whole(table: Table, row: Mapping[Any, Any]) -> bool:
    """The condition that each column of the row holds what it can hold: SQLite keeps whatever is put into it."""
    return all(_fits(column, row[column.name]) for column in table.c)


def _fits(column: Column[Any], value: Any) -> bool:
    if value is None or isinstance(value, Unreadable):
        return value is None and bool(column.nullable)
    return isinstance(column.type, Json) or isinstance(value, column.type.python_type)
