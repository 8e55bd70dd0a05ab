"""`caseward todo`: what waits for the people of this office, by kind, the oldest first, with what helps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from caseward.console.commands.case.views import labelled
from caseward.console.commands.incident.ailments import ailments
from caseward.console.commands.incident.views import SHORT, grouped
from caseward.console.commands.incident.waits import Kind, Waiting, waits_of
from caseward.console.terminal.answers import Json
from caseward.console.terminal.view import Told, View, viewing
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.reasons import plain_cause
from caseward.console.wording.shapes import Both
from caseward.console.wording.texts import Texts
from workflow.engine.progress import WANTED
from workflow.store import CaseRow, Filters, Incident

PAGE = 200
NAMED = 10
"""This many matters of one kind are named; of more only how many."""


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
            say(*labelled(view, [(texts("label.helps"), helps) for helps in kind.helps[:NAMED]]))
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
        for wait in await waits_of(view, told):
            wanted.add(told.claim.case)
            found.setdefault(wait.key, Kind(wait.name, wait.said)).matters.append(wait.waiting)
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


def _label(view: View, kind: str, name: str) -> Both:
    return view.both(lambda reader: reader.labels(kind, name))


def _cause(view: View, one: Incident) -> Both:
    return view.both(lambda reader: plain_cause(one.cause, one.seen, reader))


def _held_until(view: View, due: datetime) -> Both:
    return view.both(lambda reader: reader.texts("notice.held", at=reader.moments.zoned(due)))


async def _of_incidents(view: View, group: list[Incident], titles: dict[str, str]) -> Kind:
    """Incidents of one cause: what opened them, and how they are looked into."""
    first = group[0]
    of = view.of(first.flow)
    kind, helps = Kind(first.kind, _label(of, "incident", first.kind)), f"caseward incident show {first.id[:SHORT]}"
    for one in group:
        if one.case not in titles:
            titles[one.case] = await _title(view, await view.record.store.case(one.case))
        kind.matters.append(Waiting(one.number, titles[one.case], one.opened_at, _cause(of, one), helps))
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
            Kind("notice_held", of.both(lambda reader: reader.texts("todo.notice_held"))),
        )
        since, title = message.written_at or row.claim.entered_at, await _title(view, row)
        kind.matters.append(Waiting(number, title, since, _held_until(of, due), helps))


def _cells(view: View, one: Waiting) -> list[str]:
    return [one.number, one.title, view.moments.since(one.since), one.why[view.texts.language]]


def _shape(view: View, kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "said": kind.said,
        "helps": kind.helps[0],
        "n": len(kind.matters),
        "since": view.moments.iso(kind.oldest),
        "matters": [
            {
                "number": one.number,
                "title": one.title,
                "since": view.moments.iso(one.since),
                "why": one.why,
                "helps": one.helps,
            }
            for one in kind.matters
        ],
    }
