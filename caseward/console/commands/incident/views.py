"""`caseward incident list`, `show` and `resolve`: what only a person can settle, and that it was settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from caseward.console.commands.case.views import labelled
from caseward.console.commands.incident.ailments import ailments
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import REFUSED, Complaint, Stopped
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import Column, as_json, complain, say
from caseward.console.wording.reasons import plain_cause
from caseward.console.wording.seen import parts
from caseward.console.wording.shapes import incident_shape
from caseward.console.wording.texts import Texts
from workflow.engine.notices import UNSENT, UNSURE
from workflow.engine.receipts import UNDELIVERED
from workflow.engine.resolving import own_way
from workflow.errors import NotByHand, NotFound
from workflow.store import Incident

UNREADABLE_DATA = "unreadable_data"
NAMED = 20
"""This many cases of one cause are named; of more only the number."""
SHORT = 8
"""This much of an id is shown; any beginning that only one incident has names it."""


def list_incidents(texts: Texts, *, closed: bool, number: str | None, json: Json | None) -> int:
    """Print one line for each cause, however many cases it has, and the troubles of the installation."""

    async def work(view: View) -> int:
        case = (await view.row(number)).claim.case if number else None
        found = await view.record.store.incidents(open_only=not closed, case=case)
        groups = grouped(found)
        here = await ailments(view) if not closed and case is None else None
        if json:
            more: dict[str, Any] = {"groups": [_group_shape(view, group) for group in groups]}
            more |= here.shape(view) if here is not None else {}  # a check that was not made says nothing
            say(json.many([_shape(view, one) for one in found], **more))
            return 0
        if here is not None:
            here.tell(view)
        if not found:
            complain(texts("incident.none_ever" if closed else "incident.none"))
            return 0
        columns = [
            Column(texts("column.id")),
            Column(texts("column.number")),
            Column(texts("column.incident"), 16),
            Column(texts("column.cause"), 16),
            Column(texts("column.since"), right=True),
            Column(texts("column.stands")),
        ]
        say(*view.screen.table(columns, [_cells(view, group) for group in groups]))
        say("", texts("more.incident.list", id=found[0].id[:SHORT]))
        return 0

    return viewing(texts, work)


def grouped(found: Sequence[Incident]) -> list[list[Incident]]:
    """The incidents by kind and cause, open and closed ones apart, in the order of the oldest of each."""
    groups: dict[tuple[str, str, bool], list[Incident]] = {}
    for one in found:
        groups.setdefault((one.kind, one.cause, one.closed_at is None), []).append(one)
    return list(groups.values())


def show(texts: Texts, name: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        one = await _named(view, name)
        if json:
            say(json.one(_shape(view, one)))
            return 0
        alike = [each for group in grouped(await view.record.store.incidents()) if one in group for each in group]
        view = view.of(one.flow)
        kind, standing = view.reader.labels("incident", one.kind), _standing(view, one)
        say(f"{view.screen.paint(one.id, 'bold')}  {one.number}  {kind}  {standing}")
        lines = list(_lines(view, one))
        if numbers := list(dict.fromkeys(each.number for each in alike if each.case != one.case)):
            named = [*numbers[:NAMED], *(["…"] if len(numbers) > NAMED else [])]
            listed = texts("mark.enumeration").join(named)
            lines.append((texts("label.alike"), texts("incident.alike", n=len(numbers), numbers=listed)))
        say(*labelled(view, lines))
        if one.closed_at is None:
            say("", *view.screen.wrapped(await _cure(view, one), 2))
        return 0

    return viewing(texts, work)


def resolve(texts: Texts, name: str, *, reason: str, only: bool, json: bool) -> int:
    """Close the incident and all others of its cause, on record; refused where closing would leave the matter as it is.

    only: the others of its cause stay open.
    """

    async def work(view: View) -> int:
        one = await _named(view, name)
        try:
            closed, others = await view.record.commands(person()).resolve(one, reason, only=only)
        except NotByHand as error:
            cause = texts("error.not_by_hand", kind=view.of(one.flow).reader.labels("incident", one.kind))
            raise Stopped(Complaint("not_allowed", cause, _way(view, one, error.way, error.name), REFUSED)) from error
        if json:
            say(as_json({**_shape(view, closed), "closed_with_it": [other.number for other in others]}))
        else:
            for each in (one, *others):
                say(texts("incident.closed", id=each.id[:SHORT], number=each.number))
            known = await view.record.store.incidents() if only else []
            if same := [each for each in known if (each.kind, each.cause) == (one.kind, one.cause)]:
                say(*view.screen.wrapped(texts("incident.left", n=len(same), id=same[0].id[:SHORT])))
            say("", texts("more.why", number=one.number))
        return 0

    return viewing(texts, work)


async def _named(view: View, name: str) -> Incident:
    """The incident whose id begins so. Raises NotFound unless it is the only one."""
    meant = [one for one in await view.record.store.incidents(open_only=False) if one.id.startswith(name.lower())]
    if len(meant) != 1:
        raise NotFound("incident", name)
    return meant[0]


def _way(view: View, one: Incident, way: str, name: str) -> str:
    """What closes an incident that a person's word alone does not close."""
    return view.texts(f"cure.incident.{way}", number=one.number, login=name, name=name)


async def _cure(view: View, one: Incident) -> str:
    if one.kind in (UNSENT, UNSURE, UNDELIVERED):
        return view.texts("cure.incident.notice", number=one.number)
    if one.kind == UNREADABLE_DATA:
        return view.texts("cure.incident.data", number=one.number)
    claim = (await view.record.store.case(one.case)).claim
    if (own := own_way(view.plan(one.flow), claim, one)) is not None:
        return _way(view, one, own.what, own.name)
    return view.texts("cure.incident", number=one.number, id=one.id[:SHORT])


def _lines(view: View, one: Incident) -> Iterator[tuple[str, str]]:
    texts, moments = view.texts, view.moments
    yield texts("label.cause"), plain_cause(one.cause, one.seen, view.reader)
    if one.seen:
        yield from ((texts("label.seen"), line) for line in parts(one.seen, view.reader))
    yield texts("label.since"), texts("why.since", at=moments.zoned(one.opened_at), span=moments.since(one.opened_at))
    yield texts("label.bars"), texts("incident.bars" if one.bars else "incident.bars_not")
    if one.closed_at is not None:
        by = texts("incident.by", at=moments.zoned(one.closed_at), who=one.closed_by or "")
        yield texts("label.closed"), by
        if one.close_reason:
            yield texts("label.reason"), texts.told(one.close_reason)


def _cells(view: View, group: Sequence[Incident]) -> list[str]:
    one, cases = group[0], len({each.case for each in group})
    view = view.of(one.flow)
    kind = view.reader.labels("incident", one.kind)
    number = one.number if cases == 1 else view.texts("incident.cases", number=one.number, n=cases - 1)
    since = view.moments.since(one.opened_at)
    return [one.id[:SHORT], number, kind, plain_cause(one.cause, one.seen, view.reader), since, _standing(view, one)]


def _group_shape(view: View, group: Sequence[Incident]) -> dict[str, object]:
    one = group[0]
    return {
        "kind": one.kind,
        "label": view.of(one.flow).both(lambda reader: reader.labels("incident", one.kind)),
        "cause": one.cause,
        "open": one.closed_at is None,
        "bars": any(each.bars for each in group),
        "cases": len({each.case for each in group}),
        "numbers": list(dict.fromkeys(each.number for each in group)),
        "incidents": [each.id for each in group],
        "since": view.moments.iso(one.opened_at),
    }


def _standing(view: View, one: Incident) -> str:
    return view.texts("incident.open" if one.closed_at is None else "incident.shut")


def _shape(view: View, one: Incident) -> dict[str, object]:
    label = view.of(one.flow).both(lambda reader: reader.labels("incident", one.kind))
    return {
        **incident_shape(one, view.moments),
        "number": one.number,
        "flow": one.flow,
        "label": label,
        "effect": one.effect,
        "close_reason": one.close_reason,
    }
