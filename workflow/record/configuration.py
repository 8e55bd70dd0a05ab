"""Changes of calendars and settings at run time: one row each, and what is wrong with the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from workflow.record import places
from workflow.record.columns import Instant, Json
from workflow.record.events import Head
from workflow.record.seals import Row, judge_seal
from workflow.record.tables import metadata
from workflow.record.vault import Ring
from workflow.record.watch import Finding, content_of
from workflow.sentence import Sentence

Kind = Literal["calendar", "setting"]

configuration = Table(
    "configuration",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("value", Json),
    Column("secret", LargeBinary),
    Column("actor", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("previous", String(60)),
    Column("seal", String(60)),
)
Index("configuration_of", *(configuration.c[name] for name in ("kind", "name", "version")), unique=True)

CONFIGURATION = "configuration"
"""The name under which the newest row is anchored, as cases are under their ids."""


@dataclass(frozen=True)
class Change:
    """One change of a calendar or setting. number: over all changes; version: of this name.

    value and secret None: the name is as without any change. sound: the row is as it was written here; one that is not
    counts for nothing.
    """

    number: int
    kind: Kind
    name: str
    version: int
    value: Any
    secret: SecretStr | None
    actor: str
    reason: str
    at: datetime
    sound: bool = True


def head_of(rows: Sequence[Row]) -> Head:
    """What an anchor signs: the number of changes, and the seal of the newest."""
    if not rows:
        return 0, b""
    return int(rows[-1]["number"]), _signed(rows[-1])


def wrong_rows(rows: Sequence[Row], ring: Ring, anchored: Mapping[int, bytes]) -> Iterator[Finding]:
    """What is wrong with the rows. rows: all of them in order, as the driver gave them. anchored: seals by number."""
    previous: object = None
    for number, row in enumerate(rows, 1):
        place = places.change(number)
        if row["number"] != number:
            yield _finding(place, Sentence("change_gone", "it is gone"), row["number"])
            return
        if judge_seal(ring, configuration, row) != "holds":
            yield _finding(
                place,
                Sentence("changed_counts_for_nothing", "it was changed by another hand; it counts for nothing"),
                tuple(row.values()),
            )
        elif row["previous"] != previous:
            yield _finding(
                place,
                Sentence("not_written_after", "the one before it is not the one it was written after"),
                row["previous"],
            )
        elif number in anchored and anchored[number] != _signed(row):
            yield _finding(place, Sentence("not_one_that_was", "it is not the one that was anchored"), row["seal"])
        previous = row["seal"]
    for number in sorted(anchored):
        if number > len(rows):
            yield _finding(
                places.change(number), Sentence("was_anchored_and_gone", "it was anchored and is gone"), len(rows)
            )


def _signed(row: Row) -> bytes:
    return str(row["seal"]).encode(errors="replace")


def _finding(place: Sentence, what: Sentence, content: object) -> Finding:
    return Finding("I8", CONFIGURATION, CONFIGURATION, place, what, content_of(content))
