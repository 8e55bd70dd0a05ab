"""An explanation in sentences: in one line what a case waits for, in several lines all that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from caseward.app.systems import OPERATOR
from caseward.console.wording.seen import Reader, brief, instant, parts, sentences_of, shown, told_of
from caseward.console.wording.texts import filled
from workflow.flow.explain import UNSEEN, WAITS, Explanation, Further, Reason
from workflow.flow.last_look import GuardSaid

NAMES = re.compile(r"\w+((, |: )\w+)*")


def headline(told: Explanation, reader: Reader) -> str:
    """One line: what the case waits for, or what is the matter."""
    reader = reader.of(told.flow)
    if told.reason in WAITS:
        return _waiting(told, reader)
    return _said_of(told.reason, {"state": told.state, **told.detail}, reader)


def _said_of(reason: Reason, detail: Mapping[str, Any], reader: Reader) -> str:
    """A reason with its details, instants and names as people read them."""
    texts, labels = reader.texts, reader.labels
    match reason:
        case "outcome_unknown":
            deadline = _at(detail.get("deadline"), reader)
            name = "why.outcome_unknown.until" if deadline else "why.outcome_unknown"
            return texts(name, action=_done(detail, reader), deadline=deadline)
        case "incident_open":
            return texts("why.incident_open", what=labels("incident", str(detail.get("kind", ""))))
        case "lease_held":
            return texts("why.lease_held", owner=str(detail.get("owner", "")).split("/")[0])
        case "login_needed":
            return texts("why.login_needed", account=detail.get("login") or detail.get("account") or "")
        case "retry_backoff":
            return texts("why.retry_backoff", failures=detail.get("failures", 0), error=_failure(detail, reader))
        case "closed" if "schedule" in detail:
            hours = {**_named(detail, reader), "remote": labels("who", str(detail.get("remote", "")))}
            return texts("why.closed.schedule", **hours)
        case "schedule_paused":
            name = "why.schedule_paused.said" if detail.get("said") else "why.schedule_paused"
            return texts(name, **_named(detail, reader))
        case "accounts_busy":
            return texts(
                "why.accounts_busy" if "login" in detail else "why.accounts_busy.all", **_named(detail, reader)
            )
        case "account_missing" if "remote" in detail:
            name = "why.account_missing.of" if detail.get("known") else "why.account_missing.none"
            return texts(name, **_named(detail, reader))
        case "account_retired" if not detail.get("others"):
            return texts("why.account_retired.alone", **_named(detail, reader))
        case "beat_never":
            return texts("why.beat_never" if "served" in detail else "why.beat_never.alone")
        case "unset":
            return texts("why.unset", settings=_settings(detail, reader))
        case "not_looked_at" if detail.get("settings"):
            return texts("why.not_looked_at.set", settings=_settings(detail, reader))
        case _:
            return texts(f"why.{reason}", **_named(detail, reader))


def _settings(detail: Mapping[str, Any], reader: Reader) -> str:
    return reader.texts("mark.enumeration").join(detail.get("settings", ()))


INSTANTS = ("until", "due", "run_since", "down_since", "looked_at")
KINDS = {"remote": "remote", "state": "state"}


def _named(detail: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    """The parts of a detail for a sentence; those that every sentence may name are there."""
    said = dict.fromkeys(("remote", "hours", "until", "flow", "said"), "")
    for name, value in detail.items():
        if name in INSTANTS:
            said[name] = _at(value, reader)
        elif name == "account_state":
            said[name] = reader.of(str(detail.get("flow", ""))).labels("state", str(value))
        else:
            said[name] = reader.labels(KINDS[name], str(value)) if name in KINDS else reader.texts.told(value)
    if reader.texts.language != "en":
        said["hours"] = said.get("hours_zh", said["hours"])
    return said


def cure(told: Explanation, reader: Reader) -> str | None:
    """The command that helps against the reason in the headline; None where nothing is to be typed."""
    found = _cure_of(told.reason, _placed(told, told.detail), reader)
    return found or (_helps(told, reader.of(told.flow)) if told.reason in WAITS else None)


def _helps(told: Explanation, reader: Reader) -> str | None:
    """The command that a system's catalogue names under `helps` for the refusing guard."""
    guard = refusing(told)
    name = helping(guard, told.who, reader) if guard is not None else None
    if guard is None or name is None:
        return None
    value = guard.seen.get(name.rpartition(".")[2])
    first = value[0] if isinstance(value, list) and value else value
    parts = {**guard.seen, "number": told.case, "first": first, "login": told.detail.get("login", "LOGIN")}
    return filled(reader.labels("helps", name), parts)


def helping(guard: GuardSaid, who: str, reader: Reader) -> str | None:
    """Under which name the catalogue tells what helps: GUARD.SEEN, SEEN where it says anything, or the guard's.

    The last is for the people of the office alone: a guard waits for others at other times.
    """
    names = [f"{guard.guard}.{name}" for name in guard.seen]
    names += [name for name, value in guard.seen.items() if value is not None]
    names += [guard.guard] if who == OPERATOR else []
    return next((name for name in names if reader.labels("helps", name) != name), None)


def _placed(told: Explanation, detail: Mapping[str, Any]) -> dict[str, Any]:
    """A detail with the case, its flow and its state, as commands name them."""
    return {"number": told.case, "flow": told.flow, "state": told.state, **detail}


def _cure_of(reason: Reason, detail: Mapping[str, Any], reader: Reader) -> str | None:
    texts = reader.texts
    names = [f"cure.why.{reason}.{detail['account_state']}"] if "account_state" in detail else []
    names += ["cure.why.unscheduled.default"] if reason == "unscheduled" and "schedule" in detail else []
    names += ["cure.why.account_missing.none"] if reason == "account_missing" and not detail.get("known") else []
    names += ["cure.why.account_retired.alone"] if reason == "account_retired" and not detail.get("others") else []
    found = next((name for name in (*names, f"cure.why.{reason}") if name in texts), None)
    parts = {name: str(value) for name, value in detail.items()}
    other = next(iter(detail.get("others") or ()), "LOGIN")
    return texts(found, **{"login": parts.get("account", ""), "other": other, **parts}) if found else None


def further_said(one: Further, reader: Reader) -> str:
    """Another thing in the case's way that waits for the operator."""
    return _said_of(one.reason, one.detail, reader)


def in_brief(told: Explanation, reader: Reader) -> str:
    """The headline for a column of a table, the telling part first."""
    return _waiting(told, reader.of(told.flow), "list") if told.reason in WAITS else headline(told, reader)


def _waiting(told: Explanation, reader: Reader, where: str = "why") -> str:
    if told.who == "nobody":
        return reader.texts("why.at_rest")
    who = reader.labels("who", told.who)
    guard = refusing(told)
    if guard is None:
        return reader.texts("why.waiting", who=who)
    what, seen = reader.labels("guard", guard.guard), brief(guard.seen, reader)
    name = f"{where}.guard_false.seen" if seen else f"{where}.guard_false"
    return reader.texts(name, who=who, guard=what, **({"seen": seen} if seen else {}))


def refusing(told: Explanation) -> GuardSaid | None:
    """The guard that said no in the line that came closest to holding, of those that the named person can change."""
    refused = [
        (-line.satisfied, place, guard)
        for place, line in enumerate(told.lines)
        for guard in line.guards
        if not guard.ok
    ]
    theirs = [found for found in refused if found[2].waits_for == told.who]
    ordered = sorted(theirs or refused, key=lambda found: found[:2])
    return ordered[0][2] if ordered else None


def details(told: Explanation, reader: Reader) -> Iterator[tuple[str, str]]:
    """(label, text): what the reason names, who can change it, since when, last and next look."""
    reader = reader.of(told.flow)
    texts, moments, detail = reader.texts, reader.moments, told.detail
    yield texts("label.who"), reader.labels("who", told.who)
    if helps := cure(told, reader):
        yield texts("label.helps"), helps
    for one in told.further:
        yield texts("label.further"), _said_of(one.reason, one.detail, reader)
        if helps := _cure_of(one.reason, _placed(told, one.detail), reader):
            yield texts("label.helps"), helps
    for workers in (told.detail.get("workers"), *(one.detail.get("workers") for one in told.further)):
        if workers:
            yield texts("label.lacking"), texts("mark.enumeration").join(workers)
    if told.reason == "outcome_unknown":
        yield texts("label.in_doubt"), _done(detail, reader)
        if detail.get("why"):
            yield texts("label.said"), told_of(detail, "why", reader)
        if deadline := instant(detail.get("deadline")):
            yield texts("label.deadline"), texts("why.deadline", at=moments.zoned(deadline))
    if told.reason == "incident_open":
        if detail.get("cause"):
            yield texts("label.cause"), plain_cause(str(detail["cause"]), detail.get("seen") or {}, reader)
        if detail.get("seen"):
            yield from ((texts("label.seen"), line) for line in parts(detail["seen"], reader))
    if told.reason in ("outcome_unknown", "retry_backoff"):
        for name in ("error", "function", "place"):
            if detail.get(name) and not (name == "error" and told.reason == "retry_backoff"):
                yield texts(f"label.{name}"), told_of(detail, name, reader)
    if told.reason == "lease_held" and (until := instant(detail.get("lease_until"))):
        yield texts("label.lease_until"), texts("why.real_time", at=moments.zoned(until))
    yield texts("label.since"), texts("why.since", at=moments.zoned(told.since), span=moments.since(told.since))
    if told.looked_at:
        yield texts("label.looked_at"), texts("why.looks", at=moments.zoned(told.looked_at), n=told.looks)
    if told.next_look:
        passed = told.next_look <= moments.now
        yield texts("label.next_look"), texts("why.due_now") if passed else moments.zoned(told.next_look)
    elif told.standing != "done":
        yield (
            texts("label.next_look"),
            texts(f"why.no_look.{told.reason}" if told.reason in UNLOOKED else "why.no_look"),
        )


def plain_cause(cause: str, seen: Mapping[str, Any], reader: Reader) -> str:
    """An incident's cause without the flow and state that stand before it: FLOW:STATE:cause. Names become words.

    Where a remote's error was seen whose sentence has a code, it is the cause.
    """
    for name in ("cause", "why", "error"):
        if name in sentences_of(seen):
            return told_of(seen, name, reader)
    text = cause.split(":", 2)[-1].strip()
    if not NAMES.fullmatch(text):
        return text
    return re.sub(r"\w+", lambda name: _word(name[0], reader), text)


def _word(name: str, reader: Reader) -> str:
    words = (reader.labels(kind, name) for kind in ("incident", "guard", "action", "state"))
    return next((word for word in words if word != name), name)


UNLOOKED = ("auto_off", "held", "incident_open", "login_needed", *UNSEEN)


def asked(facts: Mapping[str, Any], reader: Reader) -> Iterator[tuple[str, str]]:
    """(label, answer) of each fact that was asked."""
    for name, found in facts.items():
        if "error" in found:
            answer = reader.texts("fact.failed", error=told_of(found, "error", reader))
        else:
            value = found.get("value")
            answer = brief(value, reader) if isinstance(value, dict) and value else shown(value, reader)
        yield reader.labels("fact", name), answer


def _failure(detail: Mapping[str, Any], reader: Reader) -> str:
    """An error with the function of the flow that it came from, where it was one."""
    error = told_of(detail, "error", reader)
    function = told_of(detail, "function", reader)
    return reader.texts("why.of_function", function=function, error=error) if function else error


def _done(detail: Mapping[str, Any], reader: Reader) -> str:
    action = reader.labels("action", str(detail.get("action", "")))
    return f"{action} ({detail['item']})" if detail.get("item") else action


def _at(text: Any, reader: Reader) -> str:
    at = instant(text)
    return reader.moments.zoned(at) if at else ""
