"""The shapes of `--json`: the same names in every command, every text that people read in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from caseward.console.text.problem import Problem
from caseward.console.wording.moments import Moments
from caseward.console.wording.words import LANGUAGES, Language
from workflow.flow.compiled import Plan
from workflow.flow.explain import Explanation
from workflow.record.events import Event
from workflow.record.values import OPEN, Check, Claim, Effect
from workflow.store import CaseRow, Incident, SentMessage
from workflow.store.documents import Document

Both = Mapping[str, str]


def both(say: Callable[[Language], str]) -> Both:
    """A text in either language."""
    return {language: say(language) for language in LANGUAGES}


def title_of(plan: Plan | None, row: CaseRow) -> str:
    """What people call the matter: the data's title or login, else what no other live case may share with it."""
    if plan is None:
        return row.subject or ""
    try:
        data = plan.flow.data.model_validate(row.claim.data)
    except ValidationError:
        return row.subject or ""
    return str(getattr(data, "title", None) or getattr(data, "login", None) or row.subject or "")


def case_shape(
    row: CaseRow, title: str, why: Explanation, login: str | None, state: Both, headline: Both, moments: Moments
) -> dict[str, Any]:
    claim = row.claim
    return {
        "number": claim.number,
        "title": title,
        "flow": claim.flow,
        "state": claim.state,
        "state_label": state,
        "final": row.final,
        "standing": why.standing,
        "reason": why.reason,
        "who": why.who,
        "headline": headline,
        "since": moments.iso(claim.entered_at),
        "next_look": moments.iso(why.next_look),
        "opened_at": moments.iso(claim.opened_at),
        "auto": claim.auto,
        "held": claim.held,
        "account": login,
        "round": claim.round,
        "version": claim.seq,
    }


def why_shape(
    why: Explanation, facts: Mapping[str, Any], headline: Both, cure: str | None, moments: Moments
) -> dict[str, Any]:
    """cure: the command that helps."""
    said = why.model_dump(mode="json")
    times = {name: moments.iso(getattr(why, name)) for name in ("since", "looked_at", "next_look")}
    return {**said, **times, "headline": headline, "cure": cure, "facts": facts, "zone": moments.zone.key}


def facts_seen(claim: Claim) -> Mapping[str, Any]:
    """The facts that the last look asked, where it was a look at this state."""
    if claim.check is None or claim.check.body.get("state") != claim.state:
        return {}
    found: Mapping[str, Any] = claim.check.body.get("facts", {})
    return found


def effect_shape(effect: Effect, moments: Moments) -> dict[str, Any]:
    return {
        "key": effect.key,
        "action": effect.action,
        "item": effect.item_id,
        "round": effect.round,
        "status": str(effect.status),
        "attempt": effect.attempt,
        "why": effect.why,
        "stage": str(effect.stage) if effect.stage else None,
        "intended_at": moments.iso(effect.intended_at),
        "check_at": moments.iso(effect.check_at),
        "deadline": moments.iso(effect.deadline),
        "evidence": [dict(one) for one in effect.evidence],
    }


def in_doubt(claim: Claim) -> list[Effect]:
    return [effect for effect in claim.effects if effect.status in OPEN]


def incident_shape(incident: Incident, moments: Moments) -> dict[str, Any]:
    return {
        "id": incident.id,
        "kind": incident.kind,
        "cause": incident.cause,
        "seen": dict(incident.seen),
        "bars": incident.bars,
        "opened_at": moments.iso(incident.opened_at),
        "closed_at": moments.iso(incident.closed_at),
        "closed_by": incident.closed_by,
    }


def notice_shape(notice: SentMessage, moments: Moments) -> dict[str, Any]:
    """status is how it left, receipt whether it arrived, as far as the gateway says."""
    names = ("occasion", "recipient", "round", "channel", "status", "why", "number", "receipt")
    return {name: getattr(notice, name) for name in names} | {"settled_at": moments.iso(notice.settled_at)}


def document_shape(document: Document, moments: Moments) -> dict[str, Any]:
    names = ("name", "kind", "media_type", "size")
    return {"reference": document.digest, **{name: getattr(document, name) for name in names}} | {
        "at": moments.iso(document.at)
    }


def event_shape(event: Event, basis: Mapping[str, Any], begins: int | None, moments: Moments) -> dict[str, Any]:
    """basis: the event's own body, or for the outcome of a decision the body of that decision. begins: a new round."""
    body = dict(event.body or {})
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": moments.iso(event.at),
        "actor": event.actor,
        "reason": event.why,
        "begins_round": begins,
        "erased": event.body is None,
        "facts": basis.get("facts", {}),
        "verdicts": basis.get("verdicts", []),
        "evidence": list(evidence(body, basis)),
        "body": body,
        "flow_version": event.flow_version,
        "revision": event.revision,
    }


def evidence(body: Mapping[str, Any], basis: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each browser step: of the facts that were asked, then of what was done."""
    for name, found in basis.get("facts", {}).items():
        yield from ({"of": name, **step} for step in found.get("evidence", ()))
    for effect in body.get("effects", ()):
        yield from ({"of": effect["action"], "item": effect["item"], **step} for step in effect.get("evidence", ()))


def wait_shape(check: Check, moments: Moments) -> dict[str, Any]:
    """A run of equal looks: nothing changed from the first to the last."""
    return {
        "seq": None,
        "kind": "looked",
        "at": moments.iso(check.first),
        "until": moments.iso(check.last),
        "looks": check.count,
        "facts": check.body.get("facts", {}),
        "verdicts": check.body.get("lines", []),
        "body": dict(check.body),
    }


def problem_shape(problem: Problem) -> dict[str, Any]:
    names = ("rule", "row", "title", "line", "column", "field", "value")
    return {name: getattr(problem, name) for name in names} | {"text": both(problem.text)}
