"""`caseward party list` and `show`: a person or firm with every case in which it stands and what it gave."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from caseward.console.commands.case.views import labelled
from caseward.console.intake.parties import Standing, everybody
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import NOT_FOUND, USAGE, Complaint, Stopped
from caseward.console.terminal.view import View, viewing
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.seen import whole
from caseward.console.wording.shapes import title_of
from caseward.console.wording.texts import Texts

Standings = Sequence[Standing]
"""One person or firm in each of its cases, by their numbers."""


def list_parties(texts: Texts, find: str | None, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        found = [one for one in (await parties(view)).values() if find is None or _plain(find) in _plain(name_of(one))]
        if json:
            say(json.many([_shape(view, one) for one in found]))
            return 0
        if not found:
            complain(texts("party.none"))
            return 0
        names = ("column.name", "column.id_number", "column.cases", "column.given")
        columns = [Column(texts(name), 12, right=name == "column.cases") for name in names]
        say(*view.screen.table(columns, [_cells(view, one) for one in found]))
        return 0

    return viewing(texts, work)


def show(texts: Texts, who: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        one = await named(view, who)
        if json:
            say(json.one(_shape(view, one)))
            return 0
        view = view.of(one[-1].row.claim.flow)
        labels = view.reader.labels
        lines = [(texts("column.id_number"), one[-1].party.ends)]
        lines += [(labels("seen", name), whole(value, view.reader)) for name, value in contacts(one)]
        lines += [(labels("seen", name), whole(parts, view.reader)) for name, parts in papers(one)]
        for at in one:
            state = labels("state", at.row.claim.state)
            lines.append((at.row.claim.number, f"{title_of(view.plan(at.row.claim.flow), at.row)}  {state}"))
        say(name_of(one), *labelled(view, lines))
        return 0

    return viewing(texts, work)


async def parties(view: View) -> dict[tuple[str, str], list[Standing]]:
    """All of them, of every system that says whom its cases are about."""
    flows = [flow for own in view.record.systems.installed for flow in own.system.parties]
    return await everybody(view.record, [flow for flow in flows if flow in view.record.plans])


async def named(view: View, who: str) -> list[Standing]:
    """The one that is meant by a name or a number, whole or as it is shown. Raises Stopped where it is not one."""
    sought = _plain(who)
    found = [
        one for one in (await parties(view)).values()
        if any(sought in map(_plain, (at.party.name, at.party.ends, *at.party.typed)) for at in one)
    ]  # fmt: skip
    texts = view.texts
    if not found:
        cause = texts("error.not_found", kind=texts("kind.party"), name=who)
        raise Stopped(Complaint("not_found", cause, texts("cure.party"), NOT_FOUND))
    if len(found) > 1:
        known = texts("mark.enumeration").join(f"{name_of(one)} {one[-1].party.ends}" for one in found)
        cause = texts("error.several_parties", name=who)
        raise Stopped(Complaint("usage", cause, texts("cure.one_of", names=known), USAGE))
    return found[0]


def name_of(one: Standings) -> str:
    """As its newest case has it."""
    return one[-1].party.name


def contacts(one: Standings) -> list[tuple[str, object]]:
    """What people see of it; where its cases differ, each way that occurs, the newest first."""
    return _once((name, value) for at in reversed(one) for name, value in at.party.shown.items())


def papers(one: Standings) -> list[tuple[str, Any]]:
    """What it gave, the newest first; what was taken over from another case is told by that one."""
    given = [
        (name, {"given_in": at.row.claim.number, **parts})
        for at in reversed(one) for name, parts in at.party.papers
    ]  # fmt: skip
    return _once(given)


def _once(told: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for one in told:
        if one not in found:
            found.append(one)
    return found


def _shape(view: View, one: Standings) -> dict[str, object]:
    def matter(at: Standing) -> dict[str, object]:
        claim = at.row.claim
        return {"number": claim.number, "title": title_of(view.plan(claim.flow), at.row), "state": claim.state}

    return {
        "name": name_of(one),
        "id_number": one[-1].party.ends,
        "shown": [{"name": name, "value": value} for name, value in contacts(one)],
        "given": [{"name": name, **parts} for name, parts in papers(one)],
        "cases": [matter(at) for at in one],
    }


def _cells(view: View, one: Standings) -> list[str]:
    view = view.of(one[-1].row.claim.flow)
    given = papers(one)[:1]
    said = [f"{view.reader.labels('seen', name)} {whole(parts, view.reader)}" for name, parts in given]
    return [name_of(one), one[-1].party.ends, str(len(one)), "".join(said)]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
