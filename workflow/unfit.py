"""What of a JSON document or of a case's data does not fit its shape, in sentences of ours; no value is quoted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from workflow.sentence import Sentence, Sentences

MOST = 3
"""So many are told; the others are counted."""
WHOLE = Sentence("flaw_of_whole", "the whole")
KINDS: Mapping[str, Sentence] = {
    "missing": Sentence("flaw_missing", "it is missing"),
    "string_type": Sentence("flaw_no_text", "it is no text"),
    "string_too_short": Sentence("flaw_empty", "it is empty"),
    "string_too_long": Sentence("flaw_too_long", "it is too long"),
    "string_pattern_mismatch": Sentence("flaw_other_form", "it has another form"),
    "literal_error": Sentence("flaw_unknown_word", "it is none of the known words"),
    "decimal_type": Sentence("flaw_no_number", "it is no number"),
    "decimal_parsing": Sentence("flaw_no_number", "it is no number"),
    "finite_number": Sentence("flaw_no_number", "it is no number"),
    "datetime_type": Sentence("flaw_no_instant", "it is no instant"),
    "datetime_parsing": Sentence("flaw_no_instant", "it is no instant"),
    "datetime_from_date_parsing": Sentence("flaw_no_instant", "it is no instant"),
    "timezone_aware": Sentence("flaw_no_zone", "it is an instant without its zone"),
    "int_type": Sentence("flaw_no_number", "it is no number"),
    "int_parsing": Sentence("flaw_no_number", "it is no number"),
    "float_type": Sentence("flaw_no_number", "it is no number"),
    "float_parsing": Sentence("flaw_no_number", "it is no number"),
    "bool_type": Sentence("flaw_no_yes_or_no", "it is neither yes nor no"),
    "bool_parsing": Sentence("flaw_no_yes_or_no", "it is neither yes nor no"),
    "date_type": Sentence("flaw_no_day", "it is no day"),
    "date_parsing": Sentence("flaw_no_day", "it is no day"),
    "date_from_datetime_parsing": Sentence("flaw_no_day", "it is no day"),
    "enum": Sentence("flaw_unknown_word", "it is none of the known words"),
    "extra_forbidden": Sentence("flaw_no_field", "there is no such field"),
    "list_type": Sentence("flaw_no_list", "it is no list"),
    "tuple_type": Sentence("flaw_no_list", "it is no list"),
    "dict_type": Sentence("flaw_no_object", "it is no object"),
    "model_type": Sentence("flaw_no_object", "it is no object"),
    "model_attributes_type": Sentence("flaw_no_object", "it is no object"),
}
"""What is said of a kind of flaw, by pydantic's name for it."""


def misfits(error: ValidationError) -> Sentences:
    """What does not fit, by place; values are not quoted, because they may be a person's."""
    found = error.errors(include_input=False, include_url=False)
    told = [_flaw(".".join(map(str, one["loc"])), one["type"], one.get("ctx", {})) for one in found[:MOST]]
    more = len(found) - MOST
    return Sentences([*told, *([Sentence("and_more", "and {n} more", n=more)] if more > 0 else [])])


def _flaw(place: str, kind: str, context: Mapping[str, Any]) -> Sentence:
    ours = getattr(context.get("error"), "args", None) or (None,)
    other = Sentence("flaw_of_kind", "it does not fit ({kind})", kind=kind)
    what = ours[0] if isinstance(ours[0], Sentence) else KINDS.get(kind, other)
    return Sentence("flaw_at", "{place}: {what}", place=place or WHOLE, what=what)
