"""What `caseward up` prints while it runs: each transition, what is left for you, and how many cases stand where."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from caseward.console.text.output import Screen, cut, say
from caseward.console.wording.seen import Labels
from caseward.console.wording.texts import Texts, filled
from workflow.demonstration import Ask, Due
from workflow.flow.lines import StateKind
from workflow.record.events import Event
from workflow.store import CaseRow

COLOURS: Mapping[StateKind | None, str] = {"ended_well": "green", "ended_badly": "red", "person": "yellow"}
"""The colour of a move, by the kind of the state that it leads to; of any other cyan."""
WIDEST, LONGEST = 40, 34
"""The columns that a title has, and those that are kept for what happened to it."""
CLEAR = "\r\x1b[K"


@dataclass
class Ticker:
    """Lines to standard output; at a terminal a last line stands below them and changes in place."""

    texts: Texts
    label: Labels
    screen: Screen
    zone: ZoneInfo
    states: Mapping[str, Mapping[str, StateKind]]
    """By flow, its states in their order, and how each is shown."""
    logins: Collection[str]
    """The flows whose cases keep logins alive."""
    program: str
    live: bool
    _below: str = ""
    _day: str = ""
    _over: bool = False
    _asked: set[str] = field(default_factory=set)

    def line(self, *lines: str) -> None:
        """A line of its own, above the one that changes."""
        if self.live and self._below:
            sys.stdout.write(CLEAR)
        say(*lines)
        if self.live and self._below:
            sys.stdout.write(self._below)
        sys.stdout.flush()

    def hear(self, row: CaseRow, event: Event) -> None:
        """Transitions, and incidents as they open and close; all else is in the case's history."""
        body, number = event.body or {}, row.claim.number
        if event.kind in ("moved", "forced"):
            state, before = str(body["to"]), str(body.get("from", ""))
            kinds = self.states.get(row.claim.flow, {})
            if row.claim.flow in self.logins and "person" not in (kinds.get(state), kinds.get(before)):
                return  # a login that lapsed over night and was renewed: no case waited
            colour = COLOURS.get(kinds.get(state), "cyan")
            what = self.texts("up.moved", state=self.label.of(row.claim.flow)("state", state))
            self._event(event.at, number, self._title(row), what, colour)
        elif event.kind in ("incident_opened", "incident_closed"):
            kind = str(body.get("kind", ""))
            named = self.label.of(row.claim.flow)("incident", kind)
            what = self.texts("up.incident", what=self.texts(f"event.{event.kind}"), kind=named)
            self._event(event.at, number, self._title(row), what, "yellow")

    def ask(self, asks: Sequence[tuple[Due, str, Ask]]) -> list[Ask]:
        """Each once: what of which flow, and the command to type in another terminal. Those that are new."""
        new = [one for one in asks if one[0].occasion not in self._asked]
        for due, flow, ask in new:
            self._asked.add(due.occasion)
            lines = list(self.screen.wrapped(self._asked_for(due, flow, ask), 4, "  → "))
            shown = [f"    {self.program} {ask.line}"]
            if ask.before:
                shown = [f"    {self.program} {' '.join(ask.before)}", *shown]
            self.line(*(self.screen.paint(each, "bold") for each in lines), *shown)
        return [ask for _, _, ask in new]

    def _asked_for(self, due: Due, flow: str, ask: Ask) -> str:
        """The sentence of the flow's system; where it has none, what the act is called."""
        does = due.act.does
        said = self.label.of(flow)("ask", does)
        told = filled(said, {"number": ask.number, "who": ask.who}) if said != does else None
        return told or self.texts("up.ask", number=ask.number, who=ask.who, what=does)

    def below(self, now: datetime, counts: Mapping[str, Mapping[str, int]], waits: int) -> None:
        """Business time and the counts by flow; where nothing changes in place, once a day of business time."""
        stands = [
            f"{self.label.of(flow)('state', state)} {of[state]}"
            for flow, of in counts.items()
            for state in self.states[flow]
            if of.get(state)
        ]
        if waits:
            stands.insert(0, self.texts("up.below.waits", n=waits))
        text = self.texts("up.below", at=self._short(now), counts=self.texts("mark.dot").join(stands))
        if self.live:
            self._below = self.screen.paint(cut(text, self.screen.width - 1), "dim")
            sys.stdout.write(CLEAR + self._below)
            sys.stdout.flush()
        day = f"{now.astimezone(self.zone):%m-%d}"
        if self._day and day != self._day:
            nights = [said for flow in counts if (said := self.label.of(flow)("up", "night")) != "night"]
            told = "".join(f"{self.texts('mark.semicolon')}{said}" for said in nights)
            self.line(self.screen.paint(self.texts("up.new_day", day=day, told=told), "dim"))
        if day != self._day and not self.live:
            self.line(text)
        self._day = day

    def over(self) -> None:
        """No case is open any more; said once."""
        if self._over:
            return
        self._over = True
        self.line("", *self.screen.wrapped(self.texts("up.over", program=self.program)))

    def end(self) -> None:
        """The line below is gone."""
        if self.live and self._below:
            sys.stdout.write(CLEAR)
        self._below = ""

    def _event(self, at: datetime, number: str, title: str, what: str, colour: str) -> None:
        head = f"{self._short(at)}  {number}  "
        room = max(self.screen.width - cell_len(head) - LONGEST, 8)
        shown = cut(title, min(room, WIDEST))
        blank = " " * (min(room, WIDEST) - cell_len(shown) + 2)
        left = self.screen.width - cell_len(head) - min(room, WIDEST) - 2
        self.line(self.screen.paint(head, "dim") + shown + blank + self.screen.paint(cut(what, max(left, 8)), colour))

    def _short(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%m-%d %H:%M}"

    def _title(self, row: CaseRow) -> str:
        return str(row.claim.data.get("full_name") or row.claim.data.get("login") or row.subject or "")
