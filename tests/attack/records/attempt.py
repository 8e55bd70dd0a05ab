"""One try at tampering: a hand in the database, and which row is then the bad one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.attack.records.record import Hand, Original


class Bad(NamedTuple):
    """Where the first finding must point: one of these cases (by number; "" any), one of these kinds of rows."""

    numbers: frozenset[str]
    places: frozenset[str]


@dataclass
class Attempt:
    """One try: a hand in the database, the folder with the anchors, chance, and the sound record's earlier rows."""

    rows: Hand
    folder: Path
    chance: random.Random
    sound: Original

    def case(self, where: str = "1 = 1") -> dict[str, Any]:
        found = self.rows.read(f"SELECT * FROM cases WHERE {where} ORDER BY number")
        return self.chance.choice(found)

    def row(self, table: str, where: str = "1 = 1") -> dict[str, Any]:
        found = self.rows.read(f'SELECT * FROM {table} WHERE {where} ORDER BY "case"')
        return self.chance.choice(found)

    def number(self, case: str) -> str:
        found = self.rows.read("SELECT number FROM cases WHERE id = ?", case)
        return str(found[0]["number"]) if found else case


Kind = Callable[[Attempt], Bad | None]
KINDS: dict[str, Kind] = {}
"""By name. None: this database refuses such a write, or there is no row for it."""

KEY = {"cases": ("id",), "events": ("case", "seq"), "effects": ("case", "key")}
NOUN = {
    "cases": "case", "events": "event", "effects": "effect", "incidents": "incident", "messages": "message",
    "documents": "document", "checks": "wait",
}  # fmt: skip


def bad(number: str, *places: str) -> Bad:
    return Bad(frozenset({number}), frozenset(places))


def same(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    """The condition that names a row, and its values."""
    names = KEY.get(table, ("id",))
    return " AND ".join(f'"{name}" = ?' for name in names), [row[name] for name in names]


def kind(function: Kind) -> Kind:
    KINDS[function.__name__] = function
    return function
