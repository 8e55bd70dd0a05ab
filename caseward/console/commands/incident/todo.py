"""`caseward todo`: what waits for the people of this office, by kind, the oldest first, with what helps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caseward.app.systems import OPERATOR
from caseward.console.commands.case.views import labelled
from caseward.console.commands.incident.ailments import ailments
from caseward.console.commands.incident.views import SHORT, grouped
from caseward.console.terminal.answers import Json
from caseward.console.terminal.view import Told, View, viewing
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.reasons import cure, further_said, in_brief, plain_cause, refusing
from caseward.console.wording.shapes import Both
from caseward.console.wording.texts import Texts
from workflow.engine.progress import WANTED
from workflow.flow.explain import WAITS, Explanation, Further
from workflow.store import CaseRow, Filters, Incident

PAGE = 200
NAMED = 10
"""This many matters of one kind are named; of more only how many."""


@dataclass
class Waiting:
    """A matter that waits for staff. why: in what way, in both languages."""

    number: str
    title: str
    since: datetime
    why: Both


@dataclass
class Kind:
    """Matters for which the same is to be done. said: what it is; helps: the command."""

    name: str
    said: Both
    helps: str
    matters: list[Waiting] = field(default_factory=list)

    @property
    def oldest(self) -> datetime:
        return min(one.since for one in self.matters)


def todo(texts: Texts, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        kinds = await _kinds(view)
        here = await ailments(view)
        if json:
            say(json.many([_shape(view, one) for one in kinds], None, **here.shape(view)))
            return 0
        here.tell(view)
        if not kinds:
            complain(texts("todo.none"))
            return 0
        for place, kind in enumerate(kinds):
            said, span = kind.said[texts.language], view.moments.since(kind.oldest)
            head = texts("todo.kind", what=said, n=len(kind.matters), span=span)
            say(*([""] if place else []), *view.screen.wrapped(view.screen.paint(head, "bold")))
            say(*labelled(view, [(texts("label.helps"), kind.helps)]))
            columns = [
                Column(texts("column.number")),
                Column(texts("column.title"), 16),
                Column(texts("column.since"), right=True),
                Column(texts("column.why"), 16),
            ]
            rows = [_cells(view, one) for one in kind.matters[:NAMED]]
            say(*view.screen.table(columns, rows, indent=2))
            if len(kind.matters) > NAMED:
                say(f"  {texts('todo.more', n=len(kind.matters) - NAMED)}")
        return 0

    return viewing(texts, work)


async def _kinds(view: View) -> list[Kind]:
    """The kinds, that with the oldest matter first."""
    found = dict[str, Kind]()
    titles = dict[str, str]()
    wanted = set[str]()
    retired = {one.case for one in await view.record.store.accounts() if one.retired is not None}
    async for told in _living(view):
        if told.claim.case in retired:  # it is held on purpose, and goes on when its account is restored
            continue
        titles[told.claim.case] = told.title
        for name, said, helps in _of_case(view, told):
            wanted.add(told.claim.case)
            kind = found.setdefault(name, Kind(name, said, helps))
            brief = _in_brief(view.of(told.claim.flow), told.why)
            kind.matters.append(Waiting(told.claim.number, told.title, told.why.since, brief))
    incidents = [
        one
        for one in await view.record.store.incidents()
        if one.case not in retired and (one.kind != WANTED or one.case not in wanted)
    ]
    for group in grouped(incidents):
        kind = await _of_incidents(view, group, titles)
        found[f"incident {group[0].id}"] = kind
    await _held(view, found)
    for kind in found.values():
        kind.matters.sort(key=lambda one: one.since)
    return sorted(found.values(), key=lambda one: one.oldest)


async def _living(view: View) -> AsyncIterator[Told]:
    after = None
    while rows := await view.record.store.cases(Filters(final=False), after=after, limit=PAGE):
        after = rows[-1].claim.number
        for told in await view.told(rows):
            yield told


def _of_case(view: View, told: Told) -> Iterable[tuple[str, Both, str]]:
    """(name, what is said, what helps) of each thing in its way that waits for staff; incidents tell for themselves."""
    why, number, view = told.why, told.claim.number, view.of(told.claim.flow)
    usual = f"caseward case why {number}"
    if why.who == OPERATOR and why.reason != "incident_open":
        helps = cure(why, view.reader) or usual
        guard = refusing(why) if why.reason in WAITS else None
        if guard is not None:
            yield f"{why.flow}.{guard.guard}", _label(view, "guard", guard.guard), helps
        else:
            yield str(why.reason), _in_brief(view, why), helps
    for one in why.further:
        yield f"{one.reason} {sorted(one.detail.items())}", _further(view, one), usual


def _label(view: View, kind: str, name: str) -> Both:
    return view.both(lambda reader: reader.labels(kind, name))


def _in_brief(view: View, why: Explanation) -> Both:
    return view.both(lambda reader: in_brief(why, reader))


def _further(view: View, one: Further) -> Both:
    return view.both(lambda reader: further_said(one, reader))


def _cause(view: View, one: Incident) -> Both:
    return view.both(lambda reader: plain_cause(one.cause, one.seen, reader))


def _held_until(view: View, due: datetime) -> Both:
    return view.both(lambda reader: reader.texts("notice.held", at=reader.moments.zoned(due)))


async def _of_incidents(view: View, group: list[Incident], titles: dict[str, str]) -> Kind:
    """Incidents of one cause: what opened them, and how they are looked into."""
    first = group[0]
    of = view.of(first.flow)
    kind = Kind(
        first.kind,
        _label(of, "incident", first.kind),
        f"caseward incident show {first.id[:SHORT]}",
    )
    for one in group:
        if one.case not in titles:
            titles[one.case] = await _title(view, await view.record.store.case(one.case))
        kind.matters.append(Waiting(one.number, titles[one.case], one.opened_at, _cause(of, one)))
    return kind


async def _title(view: View, row: CaseRow) -> str:
    [told] = await view.told([row])
    return told.title


async def _held(view: View, found: dict[str, Kind]) -> None:
    """Notices that wait until staff has had its chance."""
    now = view.moments.now
    for message in await view.record.store.held_messages(now):
        row = await view.record.store.case(message.case)
        of, number, due = view.of(row.claim.flow), row.claim.number, message.due_at or now
        helps = f"caseward case notice {number}"
        kind = found.setdefault(
            f"notice {message.occasion}",
            Kind("notice_held", of.both(lambda reader: reader.texts("todo.notice_held")), helps),
        )
        kind.matters.append(Waiting(number, await _title(view, row), row.claim.entered_at, _held_until(of, due)))


def _cells(view: View, one: Waiting) -> list[str]:
    return [one.number, one.title, view.moments.since(one.since), one.why[view.texts.language]]


def _shape(view: View, kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "said": kind.said,
        "helps": kind.helps,
        "n": len(kind.matters),
        "since": view.moments.iso(kind.oldest),
        "matters": [
            {"number": one.number, "title": one.title, "since": view.moments.iso(one.since), "why": one.why}
            for one in kind.matters
        ],
    }
