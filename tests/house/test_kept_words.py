"""A column of words for people holds what a catalogue can say: English would be quoted to who reads Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sqlalchemy import Text

from tests.house.source import ROOT
from workflow.record.columns import SaidText
from workflow.record.configuration import configuration
from workflow.record.schedule_tables import health
from workflow.record.tables import metadata

SAID = {
    "effects.why", "incidents.close_reason", "messages.why", "runs.error", "health.why",
}  # fmt: skip
TYPED_BY_PEOPLE = {
    "accounts.retired", "cases.held", "configuration.reason", "messages.text", "runs.reason",
    "schedule_versions.reason", "schedules.paused_reason",
}  # fmt: skip
CODES = {
    "cases.subject", "effects.item_id", "installation.value", "runs.target", "runs.why", "schedules.target",
    "incidents.cause", "events.reason",
}  # fmt: skip
"""Names and keys. An incident's cause groups it and is told by what was seen; a reason is chained as it is kept."""


NAMED = {"why", "text", "error", "cause", "said"}
"""Under these names the bodies of events, waits and incidents have words for people."""
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def bare(source: str) -> Iterator[int]:
    """The lines on which a body of the record is given words without a code."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Dict(keys=keys, values=values):
                given = [(getattr(key, "value", None), value) for key, value in zip(keys, values, strict=True)]
            case ast.Call(func=ast.Name(id="told_beside"), keywords=words):
                given = [(word.arg, word.value) for word in words]
            case _:
                continue
        for name, value in given:
            parts = value.values if isinstance(value, ast.JoinedStr) else [value]
            text = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            if name in NAMED and ENGLISH.search(text):
                yield value.lineno


def test_no_body_of_the_record_is_given_words_without_a_code() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ("workflow/engine", "workflow/store", "workflow/flow", "states")
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in bare(path.read_text("utf-8"))
    ]
    assert found == []


def test_words_without_a_code_are_found() -> None:
    assert list(bare('body = {"why": "it happened so"}')) == [1]
    assert list(bare('body = {"text": f"late word: {action} was done"}')) == [1]
    assert list(bare('body = told_beside(why="it happened so")')) == [1]
    assert (
        list(bare('body = {"why": "closed", "error": str(error), **told_beside(text=Sentence("a", "it was so"))}'))
        == []
    )


def test_every_column_of_text_is_known_to_hold_codes_or_words_of_people() -> None:
    assert {configuration.metadata, health.metadata} == {metadata}
    columns = [column for table in metadata.tables.values() for column in table.c]
    said = {f"{one.table.name}.{one.name}" for one in columns if isinstance(one.type, SaidText)}
    plain = {f"{one.table.name}.{one.name}" for one in columns if type(one.type) is Text}
    assert said == SAID
    assert plain == TYPED_BY_PEOPLE | CODES
