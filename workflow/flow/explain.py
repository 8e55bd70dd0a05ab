"""Says why a case is where it is and what would move it, as one value for every command, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from workflow.flow.compiled import Plan
from workflow.flow.last_look import LineSaid, lines_of, look_at_state, who_of
from workflow.flow.surroundings import Hindrance, Surroundings, iso, occupied, unserved, unusable
from workflow.record.values import OPEN, Check, Claim, Effect
from workflow.sentence import told_beside

Reason = (
    Hindrance
    | Literal[
        "terminal", "auto_off", "held", "outcome_unknown", "incident_open", "lease_held", "login_needed",
        "retry_backoff", "deciding", "recheck_not_due", "input_missing", "guard_false", "external_wait",
        "not_looked_at", "flow_unknown", "unset",
    ]
)  # fmt: skip
Standing = Literal["done", "paused", "checking", "blocked", "moving", "waiting"]

STANDING: dict[Reason, Standing] = {
    "terminal": "done",
    "auto_off": "paused",
    "held": "paused",
    "outcome_unknown": "checking",
    "incident_open": "blocked",
    "lease_held": "moving",
    "closed": "waiting",
    "schedule_paused": "paused",
    "schedule_disabled": "blocked",
    "schedule_deleted": "blocked",
    "schedule_unreadable": "blocked",
    "schedule_late": "blocked",
    "schedule_waits": "waiting",
    "unscheduled": "blocked",
    "beat_never": "blocked",
    "beat_down": "blocked",
    "no_worker": "blocked",
    "queue_backlog": "waiting",
    "retry_backoff": "waiting",
    "account_retired": "blocked",
    "account_unusable": "blocked",
    "account_missing": "blocked",
    "login_needed": "waiting",
    "accounts_busy": "waiting",
    "circuit_open": "waiting",
    "deciding": "moving",
    "recheck_not_due": "waiting",
    "input_missing": "waiting",
    "guard_false": "waiting",
    "external_wait": "waiting",
    "not_looked_at": "moving",
    "flow_unknown": "blocked",
    "unset": "waiting",
}
WAITS: tuple[Reason, ...] = ("input_missing", "guard_false", "external_wait")
UNSEEN: tuple[Reason, ...] = (
    "schedule_disabled", "schedule_deleted", "schedule_unreadable", "unscheduled", "beat_never",
    "account_retired", "account_unusable", "account_missing",
)  # fmt: skip
"""Reasons for which nobody looks at the case until a person changes that, whatever is due."""
ALONE: tuple[Reason, ...] = ("terminal", "auto_off", "held", "lease_held", "flow_unknown")
"""Reasons beside which nothing else is told: nobody shall look at the case, or somebody is at work on it."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Further(_Value):
    """Another thing in the case's way that waits for the operator, beside the one in the headline."""

    reason: Reason
    who: str
    detail: dict[str, Any] = {}


class Explanation(_Value):
    """Times are business time in UTC, except lease_until.

    who: as guard or state says, or a remote, operator or system.
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
    """Details of the reason: the remote and its hours, the error, the incident, the action in doubt, the schedule."""
    further: tuple[Further, ...] = ()


def explain(
    plan: Plan | None,
    claim: Claim,
    *,
    due_at: datetime | None,
    deferred: str | None,
    incidents: Sequence[dict[str, Any]],
    real: datetime,
    around: Surroundings | None = None,
) -> Explanation:
    """The first reason that applies gives the headline. incidents: the open ones that bar the case, oldest first.

    around: what surrounds the case now; with None, only what the case's row says is told. plan: None where this process
    does not know the flow; then, or where the plan does not know the case, that is the reason.
    """
    if plan is None or not plan.knows(claim.state, claim.flow_version):
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
    looked = _Looked(claim, due_at, deferred, real, around)
    lines = lines_of(plan, claim, looked.check)
    reason, who, detail = next(_of_case(looked, state.final, incidents))
    further = [] if reason in ALONE else [one for one in _around(looked) if one[0] != reason and one[1] == "operator"]
    if reason == "guard_false":
        reason, who, detail = _waits(looked, who_of(lines) or state.waits_for or "nobody")
    is_unseen = state.final or deferred or claim.held or not claim.auto or incidents or reason in UNSEEN
    return Explanation(
        case=claim.number,
        flow=claim.flow,
        state=claim.state,
        standing=STANDING[reason],
        reason=reason,
        who=who,
        since=claim.entered_at,
        looked_at=claim.check.last if claim.check else None,
        looks=claim.check.count if claim.check else 0,
        next_look=None if is_unseen else _not_before(due_at, detail.get("until")),
        lines=lines,
        detail=detail,
        further=tuple(Further(reason=one, who=whose, detail=of) for one, whose, of in further),
    )


@dataclass(frozen=True)
class _Looked:
    """The case with what is around it."""

    claim: Claim
    due_at: datetime | None
    deferred: str | None
    real: datetime
    around: Surroundings | None

    @property
    def check(self) -> Check | None:
        """The outcome of the last look, where it looked at the state in which the case is."""
        return look_at_state(self.claim)

    @property
    def why(self) -> str | None:
        return self.check.body.get("why") if self.check is not None else None


Said = tuple[Reason, str, dict[str, Any]]


def _of_case(looked: _Looked, final: bool, incidents: Sequence[dict[str, Any]]) -> Iterator[Said]:
    """Every reason that applies, in the order in which they are told; there is at least one."""
    claim, check, real = looked.claim, looked.check, looked.real
    if final:
        yield "terminal", "nobody", {}
    if not claim.auto:
        yield "auto_off", "operator", {}
    if claim.held:
        yield "held", "operator", {"said": claim.held}
    if incidents:
        yield "incident_open", "operator", dict(incidents[0])
    if claim.owner and claim.lease_until > real:
        yield "lease_held", "system", {"owner": claim.owner, "lease_until": iso(claim.lease_until)}
    if doubt := [effect for effect in claim.effects if effect.status in OPEN]:
        yield "outcome_unknown", "system", _doubt(doubt[0], claim.check)
    yield from _around(looked)
    if looked.why == "deciding" or (check is None and claim.decision is not None):
        yield "deciding", "system", {}
    yield ("guard_false", "nobody", {}) if check is not None else ("not_looked_at", "system", {})


def _around(looked: _Looked) -> Iterator[Said]:
    """What stands in the case's way from outside, the schedules first, and what the last look says of it."""
    claim, check, around, why = looked.claim, looked.check, looked.around, looked.why
    body = dict(check.body) if check else {}
    if why == "closed" and not _is_over(body, around):
        yield "closed", body["remote"], _closed(body, around)
    if body.get("settings") and (lacking := _lacking(body, around)):
        yield "unset", "operator", lacking
    if around is not None:
        yield from unserved(around, looked.real)
    of_account = list(unusable(around, claim.account)) if around is not None else []
    yield from of_account
    if why == "failed":
        detail = {"error": body.get("error"), "failures": claim.failures, **_place(body)}
        yield "retry_backoff", "system", detail | ({"sentences": said} if (said := _sentences(body)) else {})
    asked = why == "seat" and body.get("account", claim.account) == claim.account
    if (looked.deferred == "seat" or asked) and not of_account:
        login = {"login": around.account.login} if around is not None and around.account is not None else {}
        yield "login_needed", "operator", {"account": claim.account, **login}
    if around is not None:
        yield from occupied(around, due_at=looked.due_at, real=looked.real)


def _lacking(body: Mapping[str, Any], around: Surroundings | None) -> dict[str, Any]:
    """The settings that the last look missed and that workers still lack, with these workers; empty once they are set.

    Where no worker is alive, the last look is believed.
    """
    known = around.lacking if around is not None else None
    if known is None:
        return {"settings": body["settings"]}
    still = [name for name in body["settings"] if name in known]
    workers = sorted({worker for name in still for worker in known[name]})
    return {"settings": still, "workers": workers} if still else {}


def _is_over(body: Mapping[str, Any], around: Surroundings | None) -> bool:
    until = body.get("until")  # what was closed at the last look may have opened since
    return around is not None and isinstance(until, str) and datetime.fromisoformat(until) <= around.now


def _closed(body: Mapping[str, Any], around: Surroundings | None) -> dict[str, Any]:
    """The closing that the last look found, by the calendar as it is now: it may have been changed since."""
    if around is not None and (shut := around.shut.get(body["remote"])) is not None:
        return {"remote": body["remote"], **shut.detail}
    return {name: body[name] for name in ("remote", "hours", "hours_zh", "until") if name in body}


def _waits(looked: _Looked, who: str) -> Said:
    """Whom the case waits for by the last look: a person, a system outside, or nobody before the next look."""
    around, check = looked.around, looked.check
    if looked.why in ("closed", "set"):
        return "not_looked_at", "system", {}  # it is open again, and nobody has looked since
    if looked.why == "unset" and check is not None:
        return "not_looked_at", "system", {"settings": check.body["settings"]}
    if around is None:
        return "guard_false", who, {}
    own = around.account if around.account is not None and around.account.case == looked.claim.case else None
    of_login = {} if own is None else {"login": own.login}
    if who in around.people:
        return "input_missing", who, of_login
    if who in around.outside:
        return "external_wait", who, of_login
    if check is not None and looked.due_at is not None and looked.due_at > around.now:
        return "recheck_not_due", who, {"looked_at": iso(check.last), "until": iso(looked.due_at)}
    return "guard_false", who, {}


def _doubt(effect: Effect, check: Check | None) -> dict[str, Any]:
    """The action in doubt, the deadline for finding out, and what went wrong."""
    first = effect.first_error or {}
    detail = {
        "action": effect.action, "item": effect.item_id, "deadline": iso(effect.deadline),
        "why": first.get("error") or effect.why, **_place(first),
    }  # fmt: skip
    if not first.get("error") and effect.why is not None:
        detail |= told_beside(why=effect.why)
    said = _sentences(first, "why") or detail.get("sentences", {})
    if check is not None and check.body.get("why") == "failed":  # the proof itself fails
        detail |= {"error": check.body.get("error"), **_place(check.body)}
        said |= _sentences(check.body)
    return {**detail, **({"sentences": said} if said else {})}


def _sentences(body: Mapping[str, Any], name: str = "error") -> dict[str, Any]:
    """What an error says by its code, where it has one, to be found under this name; so the function it came from."""
    said = body.get("sentences") or {}
    function = {"function": said["function"]} if "function" in said else {}
    return ({name: said["error"]} if "error" in said else {}) | function


def _place(body: Mapping[str, Any]) -> dict[str, Any]:
    """Of a mistake of ours: the function of the flow, and the place in the code."""
    return {name: body[name] for name in ("function", "place") if body.get(name)}


def _not_before(due_at: datetime | None, until: str | None) -> datetime | None:
    """When the case is looked at next, but not before what is closed or paused goes on."""
    return max(due_at, datetime.fromisoformat(until)) if due_at is not None and until else due_at
