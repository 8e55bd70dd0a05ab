"""What the last look at a case came to, from the case's row: the lines that were tried, and who can change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from workflow.flow.compiled import Plan
from workflow.record.values import Check, Claim


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class GuardSaid(_Value):
    """A guard's verdict at the last look, with what it saw."""

    guard: str
    ok: bool
    seen: dict[str, Any] = {}
    waits_for: str | None = None
    until: datetime | None = None


class LineSaid(_Value):
    """A line of the state's table at the last look: where it leads, and which guards held.

    learns: it leads nowhere, does nothing outside and tells nobody.
    """

    line: str
    to: str | None
    satisfied: int
    total: int
    guards: tuple[GuardSaid, ...]
    learns: bool = False


def look_at_state(claim: Claim) -> Check | None:
    """The last look, where it looked at the state in which the case is, and can be read; otherwise None."""
    check = claim.check
    is_of_here = check is not None and check.body.get("state") == claim.state
    return check if check is not None and is_of_here and _is_whole(check.body) else None


def _is_whole(body: Mapping[str, Any]) -> bool:
    """Whether it is as the engine writes it. Anything else counts for nothing here, and the audit tells of it."""
    try:
        for tried in body.get("lines", ()):
            LineSaid(line=tried["line"], to=None, satisfied=0, total=0, guards=tried["guards"])
        if "until" in body and datetime.fromisoformat(body["until"]).tzinfo is None:
            return False
        needed = {"closed": "remote", "unset": "settings"}.get(body.get("why", ""))
        return (needed is None or needed in body) and isinstance(body.get("settings", []), list)
    except (ValueError, TypeError, KeyError):
        return False


def lines_of(plan: Plan, claim: Claim, check: Check | None) -> tuple[LineSaid, ...]:
    if check is None:
        return ()
    said = []
    for tried in check.body.get("lines", ()):
        line = plan.line(claim.state, tried["line"])
        guards = tuple(GuardSaid.model_validate(guard) for guard in tried["guards"])
        total = len(line.guards) if line else len(guards)
        to = str(line.dest) if line and line.dest else None
        satisfied = sum(guard.ok for guard in guards)
        learns = line is not None and line.dest is None and not line.actions and not line.tell
        said.append(LineSaid(line=tried["line"], to=to, satisfied=satisfied, total=total, guards=guards, learns=learns))
    return tuple(said)


def who_of(lines: Sequence[LineSaid]) -> str | None:
    """Who can change the line that came closest to holding."""
    open_lines = [line for line in lines if any(not guard.ok for guard in line.guards)]
    for line in sorted(open_lines, key=lambda line: -line.satisfied):
        for guard in line.guards:
            if not guard.ok and guard.waits_for:
                return guard.waits_for
    return None
