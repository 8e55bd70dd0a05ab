"""What a case waits for of the people of this office: of which kind it is, since when, and the command that helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caseward.app.systems import OPERATOR
from caseward.console.terminal.view import Told, View
from caseward.console.wording.reasons import INSTANTS, cure, further_said, helping, in_brief, refusing
from caseward.console.wording.shapes import Both
from workflow.flow.explain import WAITS, Further, Reason
from workflow.flow.last_look import lines_of
from workflow.record.events import Event

PASSING = {*INSTANTS, "workers", "failures", "error"}
"""What a reason names beside what it is about: it differs from case to case, and from look to look."""
BY_HAND: tuple[Reason, ...] = ("held", "auto_off")
"""Reasons that a person made; an event says since when."""


@dataclass(frozen=True)
class Waiting:
    """A matter that waits for staff. why: in what way, in both languages; helps: the command, with its number."""

    number: str
    title: str
    since: datetime
    why: Both
    helps: str


@dataclass
class Kind:
    """Matters for which the same is to be done. said: what it is."""

    name: str
    said: Both
    matters: list[Waiting] = field(default_factory=list)

    @property
    def oldest(self) -> datetime:
        return min(one.since for one in self.matters)

    @property
    def helps(self) -> list[str]:
        """The command for all of them, with N for the number; where it is another for some, one for each."""
        if len(self.matters) == 1:
            return [self.matters[0].helps]
        general = dict.fromkeys(one.helps.replace(one.number, "N") for one in self.matters)
        return list(general) if len(general) == 1 else list(dict.fromkeys(one.helps for one in self.matters))


@dataclass(frozen=True)
class Wait:
    """One thing in a case's way that waits for staff. key: the same for all of its kind."""

    key: str
    name: str
    said: Both
    waiting: Waiting


async def waits_of(view: View, told: Told) -> list[Wait]:
    """All of a case; incidents tell for themselves."""
    why, number, view = told.why, told.claim.number, view.of(told.claim.flow)
    usual, brief = f"caseward case why {number}", view.both(lambda reader: in_brief(why, reader))
    found = []
    if why.who == OPERATOR and why.reason != "incident_open":
        helps, since = cure(why, view.reader) or usual, await _since(view, told)
        waiting = Waiting(number, told.title, since, brief, helps)
        guard = refusing(why) if why.reason in WAITS else None
        if guard is not None:
            name, key = f"{why.flow}.{guard.guard}", helping(guard, why.who, view.reader)
            said = view.both(lambda reader: reader.labels("guard", guard.guard))
            found.append(Wait(f"{name} {key}", name, said, waiting))
        else:
            found.append(Wait(_key(why.reason, why.detail), str(why.reason), brief, waiting))
    for one in why.further:
        waiting = Waiting(number, told.title, why.since, brief, usual)
        found.append(Wait(_key(one.reason, one.detail), str(one.reason), _further(view, one), waiting))
    return found


def _further(view: View, one: Further) -> Both:
    return view.both(lambda reader: further_said(one, reader))


def _key(reason: Reason, detail: Mapping[str, Any]) -> str:
    return f"{reason} {sorted((name, value) for name, value in detail.items() if name not in PASSING)}"


async def _since(view: View, told: Told) -> datetime:
    """Since when it waits for staff in this way, where the record says so; else since it is in its state."""
    why, store = told.why, view.record.store
    if why.reason in BY_HAND:
        said = [one.at for one in await store.events(told.claim.case) if _says(one, why.reason)]
        return said[-1] if said else why.since
    guard, plan = refusing(why), view.record.plans.get(why.flow)
    if guard is None or plan is None or why.reason not in WAITS:
        return why.since
    since = told.claim.check.first if told.claim.check is not None else why.since
    for check in reversed(await store.checks(told.claim.case)):
        tried = [one for line in lines_of(plan, told.claim, check) for one in line.guards]
        alike = [one for one in tried if not one.ok and one.waits_for == guard.waits_for and one.guard == guard.guard]
        if check.body.get("state") != why.state or check.first < why.since or not alike:
            break
        since = check.first
    return since


def _says(event: Event, reason: Reason) -> bool:
    return event.kind == "held" if reason == "held" else (event.body or {}).get("auto") is False
