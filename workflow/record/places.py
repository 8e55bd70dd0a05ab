"""How a finding of the audit names the row: a sentence for each kind of row, by which a catalogue says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflow.sentence import Sentence

CASE = Sentence("place_case", "case")
EFFECTS = Sentence("place_effects", "effects")
BESIDE = Sentence("place_rows_beside", "rows beside it")
NUMBERS = Sentence("place_numbers", "numbers")
ANCHOR_FILE = Sentence("place_anchor_file", "anchor")


def event(seq: object) -> Sentence:
    return Sentence("place_event", "event {name}", name=seq)


def effect(key: object) -> Sentence:
    return Sentence("place_effect", "effect {name}", name=key)


def incident(id_: object) -> Sentence:
    return Sentence("place_incident", "incident {name}", name=id_)


def message(id_: object) -> Sentence:
    return Sentence("place_message", "message {name}", name=id_)


def document(id_: object) -> Sentence:
    return Sentence("place_document", "document {name}", name=id_)


def wait(id_: object) -> Sentence:
    """A row of the table of checks."""
    return Sentence("place_wait", "wait {name}", name=id_)


def anchor(number: int) -> Sentence:
    return Sentence("place_anchor", "anchor {name}", name=number)


def line(number: int) -> Sentence:
    """A line of the file of anchors."""
    return Sentence("place_line", "line {name}", name=number)


def change(number: object) -> Sentence:
    """A change of a setting or a calendar."""
    return Sentence("place_change", "change {name}", name=number)


def trigger(name: object) -> Sentence:
    return Sentence("place_trigger", "trigger {name}", name=name)


Named = Callable[[object], Sentence]
OF_TABLE: Mapping[str, Named] = {
    "events": event,
    "effects": effect,
    "incidents": incident,
    "messages": message,
    "documents": document,
    "checks": wait,
}
"""By table, what a row of it is called."""


def noun_of(table: str) -> str:
    """The noun with which the names of its rows begin."""
    return OF_TABLE[table]("").strip()
