"""A column of words for people holds what a catalogue can say: English would be quoted to who reads Chinese."""

from __future__ import annotations

from sqlalchemy import Text

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


def test_every_column_of_text_is_known_to_hold_codes_or_words_of_people() -> None:
    assert {configuration.metadata, health.metadata} == {metadata}
    columns = [column for table in metadata.tables.values() for column in table.c]
    said = {f"{one.table.name}.{one.name}" for one in columns if isinstance(one.type, SaidText)}
    plain = {f"{one.table.name}.{one.name}" for one in columns if type(one.type) is Text}
    assert said == SAID
    assert plain == TYPED_BY_PEOPLE | CODES
