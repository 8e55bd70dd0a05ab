"""Why a case is where it is, and what would move it: one object for every surface, made from what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from workflow.flow.compiled import Plan
from workflow.record.values import OPEN, Check, Claim, Effect

Reason = Literal[
    "terminal", "auto_off", "held", "outcome_unknown", "incident_open", "lease_held", "closed", "login_needed",
    "retry_backoff", "deciding", "guard_false", "not_looked_at", "flow_unknown",
]  # fmt: skip
Standing = Literal["done", "paused", "checking", "blocked", "moving", "waiting"]

STANDING: dict[Reason, Standing] = {
    "terminal": "done",
    "auto_off": "paused",
    "held": "paused",
    "outcome_unknown": "checking",
    "incident_open": "blocked",
    "lease_held": "moving",
    "closed": "waiting",
    "login_needed": "waiting",
    "retry_backoff": "waiting",
    "deciding": "moving",
    "guard_false": "waiting",
    "not_looked_at": "moving",
    "flow_unknown": "blocked",
}


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
    """A line of the state's table: where it leads and how far its guards held."""

    line: str
    to: str | None
    satisfied: int
    total: int
    guards: tuple[GuardSaid, ...]


class Explanation(_Value):
    """Times are business time, UTC, except lease_until.

    who: whom a guard or a state waits for, the remote that is closed, or operator, system, nobody.
    """

    case: str
    flow: str
    state: str
    standing: Standing
    reason: Reason
    who: str
    since: datetime
    looked_at: datetime | None = None
    looks: int = 0
    next_look: datetime | None = None
    lines: tuple[LineSaid, ...] = ()
    detail: dict[str, Any] = {}
    """What the reason names: the remote and its hours, the error, the incident, the action in doubt, the account."""


def explain(
    plan: Plan | None,
    claim: Claim,
    *,
    due_at: datetime | None,
    deferred: str | None,
    incidents: Sequence[dict[str, Any]],
    real: datetime,
) -> Explanation:
    """The first reason that applies gives the headline. incidents: the open ones that bar the case, oldest first.

    plan: None where this process does not know the flow; then, and where the flow lacks the state, it says that.
    """
    if plan is None or (claim.state not in plan.states and claim.state not in plan.flow.renamed):
        return Explanation(
            case=claim.number,
            flow=claim.flow,
            state=claim.state,
            standing=STANDING["flow_unknown"],
            reason="flow_unknown",
            who="operator",
            since=claim.entered_at,
            detail={"flow": claim.flow, "version": claim.flow_version},
        )
    state = plan.state(claim.state)
    check = claim.check
    doubt = [effect for effect in claim.effects if effect.status in OPEN]
    lines = _lines(plan, claim, check)
    reason, who, detail = _reason(claim, state.final, doubt, incidents, check, deferred, real)
    if reason == "guard_false":
        who = _who(lines) or state.waits_for or "nobody"
    return Explanation(
        case=claim.number,
        flow=claim.flow,
        state=claim.state,
        standing=STANDING[reason],
        reason=reason,
        who=who,
        since=claim.entered_at,
        looked_at=check.last if check else None,
        looks=check.count if check else 0,
        next_look=None if state.final or deferred or claim.held or not claim.auto or incidents else due_at,
        lines=lines,
        detail=detail,
    )


def _reason(
    claim: Claim,
    final: bool,
    doubt: Sequence[Effect],
    incidents: Sequence[dict[str, Any]],
    check: Check | None,
    deferred: str | None,
    real: datetime,
) -> tuple[Reason, str, dict[str, Any]]:
    if final:
        return "terminal", "nobody", {}
    if not claim.auto:
        return "auto_off", "operator", {}
    if claim.held:
        return "held", "operator", {"said": claim.held}
    if incidents:
        return "incident_open", "operator", dict(incidents[0])
    working = bool(claim.owner) and claim.lease_until > real
    if doubt and not working:
        effect = doubt[0]
        first = effect.first_error or {}
        detail = {
            "action": effect.action, "item": effect.item_id, "deadline": _iso(effect.deadline),
            "why": first.get("error") or effect.why, **_place(first),
        }  # fmt: skip
        if check is not None and check.body.get("why") == "failed":  # the question what became of it fails itself
            detail |= {"error": check.body.get("error"), **_place(check.body)}
        return "outcome_unknown", "system", detail
    if working:
        return "lease_held", "system", {"owner": claim.owner, "lease_until": _iso(claim.lease_until)}
    if deferred == "seat" or _is_logged_out(claim, check):
        return "login_needed", "operator", {"account": claim.account}
    why = (check.body.get("why") if check else None) or ("deciding" if claim.decision else None)
    body = dict(check.body) if check else {}
    if check is not None and check.body.get("state") != claim.state:
        return "not_looked_at", "system", {}
    if why == "closed":
        return "closed", body["remote"], {name: body[name] for name in ("remote", "hours", "until") if name in body}
    if why == "failed":
        return "retry_backoff", "system", {"error": body.get("error"), "failures": claim.failures, **_place(body)}
    if why == "deciding":
        return "deciding", "system", {}
    return ("guard_false", "nobody", {}) if check is not None else ("not_looked_at", "system", {})


def _is_logged_out(claim: Claim, check: Check | None) -> bool:
    """The last look was asked for a login, and the next one waits a while."""
    return check is not None and check.body.get("why") == "seat" and check.body.get("state") == claim.state


def _lines(plan: Plan, claim: Claim, check: Check | None) -> tuple[LineSaid, ...]:
    if check is None or check.body.get("state") != claim.state:
        return ()
    said = []
    for tried in check.body.get("lines", ()):
        line = plan.line(claim.state, tried["line"])
        guards = tuple(GuardSaid.model_validate(guard) for guard in tried["guards"])
        total = len(line.guards) if line else len(guards)
        to = str(line.dest) if line and line.dest else None
        satisfied = sum(guard.ok for guard in guards)
        said.append(LineSaid(line=tried["line"], to=to, satisfied=satisfied, total=total, guards=guards))
    return tuple(said)


def _who(lines: Sequence[LineSaid]) -> str | None:
    """Who can change the line that came closest to holding."""
    open_lines = [line for line in lines if any(not guard.ok for guard in line.guards)]
    for line in sorted(open_lines, key=lambda line: -line.satisfied):
        for guard in line.guards:
            if not guard.ok and guard.waits_for:
                return guard.waits_for
    return None


def _place(body: Mapping[str, Any]) -> dict[str, Any]:
    """Of a mistake of ours, the function of the flow and the place in the code."""
    return {name: body[name] for name in ("function", "place") if body.get(name)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
