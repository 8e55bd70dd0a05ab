"""What a person is told about the codes of one case, each thing once until something new happens; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from states.copyright.codes import CodesSynced
from states.copyright.registration import Registration
from states.copyright.reminders import Request
from states.copyright.values import OwnerId
from workflow import Case
from workflow.sentence import told_beside
from workflow.store.values import Incident

UNCLEAR, ODD, MISDATED, STRANGE = "codes_unclear", "codes_odd", "codes_misdated", "codes_strange"
"""Owners who share a phone, rows that cannot be read, codes whose time cannot be right, codes of unknown phones."""
UNANSWERED = "codes_unanswered"
"""The kind of the incident about owners who were reminded in vain."""
FAILING = "codes_failing"
"""The kind of the incident about a mistake of ours with a case's codes."""
ABOUT_CODES = (UNCLEAR, ODD, MISDATED, STRANGE, UNANSWERED, FAILING)


def said_of_codes(
    case: Case[Registration],
    found: CodesSynced,
    late: Sequence[OwnerId],
    asked: Mapping[OwnerId, Request],
    now: datetime,
) -> dict[str, dict[str, Any]]:
    """What is to be told, by kind of incident; never a code. late: the owners who were reminded in vain."""

    def seen(of: Sequence[OwnerId], **told: Any) -> dict[str, Any]:
        last = max((asked[owner].last for owner in of if owner in asked), default=None)
        return {**told, "round": case.round, "asked_at": last and last.isoformat()}

    said: dict[str, dict[str, Any]] = {}
    if found.unclear:
        said[UNCLEAR] = seen(found.unclear, owners=_names(case, found.unclear), why="one phone")
    if found.odd:
        said[ODD] = seen([*asked], rows=[row.number for row in found.odd], **told_beside(why=found.odd[0].why))
    for kind, codes in ((MISDATED, found.misdated), (STRANGE, found.strange)):
        if codes:
            rows = [one.number for one in codes]
            said[kind] = seen([*asked], rows=rows, filled_at=codes[0].filled_at.isoformat())
    if late:
        hours = max(int((now - asked[owner].last).total_seconds() // 3600) for owner in late)
        said[UNANSWERED] = seen(late, owners=_names(case, late), hours=hours)
    return said


def is_settled(closed: Sequence[Incident], kind: str, seen: Mapping[str, Any]) -> bool:
    """Whether a person was told of this, or of more, and resolved it, and nothing was asked since."""
    (about,) = {"rows", "owners"} & set(seen)
    return any(
        one.kind == kind
        and (one.closed_by or "").startswith("person:")
        and one.seen.get("round") == seen["round"]
        # instants of one zone, so that their texts compare; nothing was asked before anything
        and (seen["asked_at"] or "") <= (one.seen.get("asked_at") or "")
        and set(seen[about]) <= set(one.seen.get(about, ()))
        for one in closed
    )


def _names(case: Case[Registration], owners: Sequence[OwnerId]) -> list[str]:
    return [case.data.owner(owner).name for owner in owners]
