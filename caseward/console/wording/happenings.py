"""One line of a case's record as people read it: what happened, by whom, what it rests on, and its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from caseward.console.text.output import Screen
from caseward.console.text.visible import masked, path, visible
from caseward.console.wording.reasons import asked
from caseward.console.wording.seen import SHORT, Reader, brief, shown, told_of
from caseward.console.wording.shapes import evidence
from caseward.console.wording.texts import Texts
from caseward.console.wording.ways import MARKS
from workflow.engine.notices import Notice
from workflow.record.events import Event
from workflow.record.values import Check
from workflow.store import SentMessage

Body = Mapping[str, Any]
OUTCOMES = ("moved", "stayed")


def together(events: Sequence[Event], checks: Sequence[Check]) -> Iterator[Event | Check]:
    """Events, and runs of looks that changed nothing, merged in the order of time."""
    placed: list[tuple[Any, int, int, Event | Check]] = [(event.at, 0, event.seq, event) for event in events]
    placed += [(check.first, 1, place, check) for place, check in enumerate(checks)]
    return (line for *_, line in sorted(placed, key=lambda each: each[:3]))


def basis_of(event: Event, events: Sequence[Event]) -> Mapping[str, Any]:
    """What an event rests on: its own body, or for the outcome of a decision the body of that decision."""
    body = event.body or {}
    if event.kind not in OUTCOMES or "decision" not in body:
        return body
    decided = (other.body or {} for other in events if other.kind == "decided")
    return next((other for other in decided if other.get("number") == body["decision"]), body)


def rounds_begun(events: Sequence[Event]) -> Mapping[int, int]:
    """The round that an event begins, by the event's seq; the first round begins with the case."""
    found, before = dict[int, int](), 0
    for event in events:
        now = (event.body or {}).get("round") if event.kind in ("created", "moved", "forced", "erased") else None
        if isinstance(now, int):
            if now > before and event.kind in ("moved", "forced"):
                found[event.seq] = now
            before = now
    return found


def written(
    line: Event | Check, basis: Body, reader: Reader, screen: Screen, begins: int | None = None
) -> Iterator[str]:
    """The lines of an event: when and what in the first, the rest below. begins: the round that begins with it."""
    texts = reader.texts
    if isinstance(line, Check):
        at, kind, what, notes = line.first, "looked", wait(line, reader), []
    else:
        at, kind = line.at, line.kind
        what = texts("history.erased") if line.body is None else _what(line, line.body, reader)
        notes = list(_notes(line, basis, reader))
        if begins is not None:
            notes.insert(0, (texts("label.round"), texts("event.round", n=begins)))
    room = Screen(max(screen.width - 21, 20), screen.colours)
    head, *rest = room.wrapped(f"{texts(f'event.{kind}')}  {what}".rstrip())
    yield f"{screen.paint(reader.moments.whole(at), 'dim')}  {head}"
    yield from (" " * 21 + more for more in rest)
    for label, text in notes:
        yield from screen.wrapped(text, 18, f"    {label}")


def _notes(event: Event, basis: Body, reader: Reader) -> Iterator[tuple[str, str]]:
    texts, body = reader.texts, event.body
    yield texts("label.by"), actor(event.actor, texts)
    if event.reason and (why := event.why) is not None:
        yield texts("label.reason"), reader.said(why)
    if body is not None and event.kind in (*OUTCOMES, "forced"):
        yield from _rests_on(body, basis, reader)
    elif body is not None and event.kind == "changed" and "edited" in body:
        yield from _edited(body, reader)
    elif body is not None and event.kind == "changed":
        yield from _patch(body, reader)


def _what(event: Event, body: Body, reader: Reader) -> str:
    """The event in a few words."""
    labels, texts = reader.labels, reader.texts
    match event.kind:
        case "created":
            return labels("state", body["state"])
        case "moved" | "forced":
            return f"{labels('state', body['from'])} → {labels('state', body['to'])}"
        case "stayed":
            return labels("line", body["line"])
        case "decided":
            names = dict.fromkeys(item["action"] for item in body["items"])
            return texts("mark.enumeration").join(labels("action", name) for name in names)
        case "settled":
            status = texts(f"effect.{body['status']}")
            return f"{labels('action', body['action'])}{texts('mark.dash')}{status} ({told_of(body, 'why', reader)})"
        case "abandoned":
            return labels("action", body["action"]) if "action" in body else ""
        case "held":
            return str(body["reason"])
        case "noted":
            owner = reader.person(body.get("code_of", ""))
            if "secret" in body:
                return texts("event.noted.secret", what=labels("secret", body["secret"]), owner=owner)
            return told_of(body, "text", reader) or texts("event.noted.code", owner=owner)
        case "incident_opened" | "incident_closed":
            return labels("incident", body["kind"])
        case "changed" if "auto" in body:
            return texts("event.auto", value=texts("value.on" if body["auto"] else "value.off"))
        case "changed" if "account" in body:
            names = body["account"]
            before, remote = names["from"] or texts("value.none"), names.get("remote")
            if remote is None:
                return texts("event.account", before=before, after=names["to"])
            return texts("event.account.of", remote=labels("remote", remote), before=before, after=names["to"])
        case "changed" if "given" in body:
            return labels("give", body["given"])
        case "changed" if "retired" in body or "restored" in body:
            is_retired = "retired" in body
            return texts(
                "event.retired" if is_retired else "event.restored", login=body["retired" if is_retired else "restored"]
            )
        case _:
            return ""


def _rests_on(body: Body, basis: Body, reader: Reader) -> Iterator[tuple[str, str]]:
    texts = reader.texts
    for tried in basis.get("verdicts", ()):
        if tried["line"] == body.get("line"):
            for guard in tried["guards"]:
                saw = texts("why.saw", seen=brief(guard["seen"], reader)) if guard.get("seen") else ""
                mark, name = MARKS[guard["ok"]], reader.labels("guard", guard["guard"])
                yield texts("label.because"), f"{mark} {name}{texts('mark.dash') + saw if saw else ''}"
    for name, answer in asked(basis.get("facts", {}), reader):
        yield texts("label.rests_on"), f"{name}{texts('mark.colon')}{answer}"
    for effect in body.get("effects", ()):
        item = f" ({effect['item']})" if effect["item"] else ""
        tries = texts("history.attempt", n=effect["attempt"]) if effect["attempt"] > 1 else ""
        yield texts("label.did"), f"{reader.labels('action', effect['action'])}{item}{tries}"
    for told in body.get("told", ()):
        yield texts("label.told"), f"{reader.labels('notice', told['occasion'])} → {reader.person(told['recipient'])}"
    yield from _patch(body, reader)
    for place, step in enumerate(evidence(dict(body), basis), 1):
        yield (
            texts("label.evidence"),
            texts("history.step", n=place, step=reader.step(step["step"]), document=step["document"][:SHORT]),
        )


def _edited(body: Body, reader: Reader) -> Iterator[tuple[str, str]]:
    """Each field that a person changed, before and after, and what that made stale."""
    texts = reader.texts
    for one in body["edited"]:
        before, after = (masked(visible(shown(one[name], reader))) for name in ("before", "after"))
        yield texts("label.changed"), texts("edit.field", name=path(tuple(one["place"])), before=before, after=after)
    for name in body.get("stale", ()):
        yield texts("label.stale"), reader.labels("stale", name)


def _patch(body: Body, reader: Reader) -> Iterator[tuple[str, str]]:
    for name, value in body.get("patch", {}).items():
        yield reader.texts("label.learned"), f"{reader.labels('seen', name)} = {shown(value, reader)}"


def unsure(notice: SentMessage, reader: Reader) -> str | None:
    """What became of a notice that is not known to be on its way or there; None of all others."""
    how = notice.receipt if notice.status == "sent" else notice.status
    if how not in ("undelivered", "none", "unknown", "failed") and not (how == "queued" and notice.why):
        return None
    named = f"{reader.labels('notice', notice.occasion)} → {reader.person(notice.recipient)}{reader.texts('mark.dash')}"
    return named + reader.texts(f"notice.{how}", why=notice.why or "", number=notice.number or "")


def fate(notice: Notice, reader: Reader) -> str:
    """What became of a notice, as far as anybody knows."""
    last, texts = notice.last, reader.texts
    parts = {"why": last.why or "", "number": last.number or ""}
    if notice.is_held(reader.moments.now) and last.due_at is not None:
        return texts("notice.held", at=reader.moments.zoned(last.due_at))
    if last.status == "queued" and not last.why:
        return texts("notice.waits")
    if last.status == "sent":
        how = last.receipt or "sent"
        at = reader.moments.zoned(last.settled_at) if last.settled_at else ""
        return texts(f"notice.{how}", at=at, **parts)
    return texts(f"notice.{last.status}", **parts)


def wait(check: Check, reader: Reader) -> str:
    """One line for a run of equal looks, however many they are."""
    body, texts, moments = check.body, reader.texts, reader.moments
    times = (
        texts("wait.once") if check.count == 1 else texts("wait.times", n=check.count, last=moments.whole(check.last))
    )
    match body.get("why"):
        case "closed":
            why = texts("wait.closed", remote=reader.labels("remote", str(body.get("remote", ""))))
        case "unset":
            why = texts("wait.unset", settings=texts("mark.enumeration").join(body.get("settings", ())))
        case "got_on" | "set":
            why = texts("wait.got_on")
        case "failed":
            why = texts("wait.failed", error=told_of(body, "error", reader))
        case "seat":
            why = texts("wait.seat", said=told_of(body, "said", reader))
        case _:
            refused = [guard for line in body.get("lines", ()) for guard in line["guards"] if not guard["ok"]]
            named = [guard for guard in refused if guard.get("waits_for")] or refused
            names = dict.fromkeys(reader.labels("guard", guard["guard"]) for guard in named)
            why = texts("wait.guards", guards=texts("mark.enumeration").join(names))
    return f"{times}{texts('mark.dash')}{why}"


def actor(name: str, texts: Texts) -> str:
    """worker:host/pid/start and person:NAME as people say them."""
    kind, _, rest = name.partition(":")
    if not rest:
        return name
    who = "/".join(rest.split("/")[:2]) if kind == "worker" else rest
    return texts(f"actor.{kind}", name=who) if f"actor.{kind}" in texts else name
