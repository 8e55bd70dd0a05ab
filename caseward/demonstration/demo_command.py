"""`caseward demo` on a screen: each transition as it happens, then what came of it all; or one object for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caseward.app.systems import read_systems
from caseward.console.terminal.complaints import ERROR, Complaint, Stopped
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.terminal.view import labels
from caseward.console.text.output import as_json, complain, say, screen
from caseward.console.wording.seen import Labels
from caseward.console.wording.texts import Texts
from caseward.demonstration.demo import demonstrate, put_on, shortcomings
from caseward.demonstration.stage import called
from workflow.record.events import Event
from workflow.settings import read_settings
from workflow.store import CaseRow
from workflow.system import System


def run(texts: Texts, *, system: str | None, json: bool) -> int:
    """Plays to the end. Raises Stopped where what came of it is not what has to."""
    warnings_to_stderr()
    systems = put_on(system)
    label, wide = labels(texts, read_systems(read_settings(lang=texts.language))), screen()
    speak = complain if json else say

    def hear(row: CaseRow, event: Event) -> None:
        if event.kind == "moved" and event.body:
            dest = str(event.body["to"])
            state = wide.paint(label.of(row.claim.flow)("state", dest), "green" if dest == "granted" else "cyan")
            speak(texts("demo.moved", number=row.claim.number, state=state))

    names = texts("mark.enumeration").join(called(one, texts.language) for one in systems)
    speak(*wide.wrapped(texts("demo.begin", systems=names)))
    result = demonstrate(texts.language, systems, hear)
    wrong = shortcomings(result, systems)
    if json:
        say(as_json(result))
    else:
        say("", *summary(result, systems, texts, label))
    if wrong:
        raise Stopped(Complaint("demonstration", texts("error.demo"), texts("cure.demo"), ERROR, wrong, wrong))
    return 0


def summary(result: dict[str, Any], systems: Sequence[System], texts: Texts, label: Labels) -> list[str]:
    """The result in sentences; of several systems each has a line of its own."""
    told = [counted(one, result["systems"][one.name]["cases"], texts, label) for one in systems]
    browser, ledger, incidents = result["browser"], result["ledger"], result["incidents"]
    history, transitions = result["history"], result["transitions"]
    if len(systems) == 1:
        lines = [texts("demo.cases", counts=told[0], n=transitions)]
    else:
        pairs = zip(systems, told, strict=True)
        lines = [texts("demo.cases.of", system=called(one, texts.language), counts=counts) for one, counts in pairs]
        lines.append(texts("demo.transitions", n=transitions))
    if browser is not None:
        lines.append(texts("demo.browser", name=browser["name"], version=browser["version"], n=browser["steps"]))
    if ledger is not None:
        lines.append(texts("demo.ledger", **ledger))
    return [
        *lines,
        texts("demo.incidents", opened=incidents["opened"], open=incidents["open"]),
        texts("demo.history" if history["verified"] else "demo.history.broken", n=history["events"]),
        texts("demo.seconds", n=result["seconds"]),
    ]


def counted(system: System, cases: Mapping[str, int], texts: Texts, label: Labels) -> str:
    """How many cases of a system have ended in which state."""
    rows = system.rows
    assert rows is not None
    named = label.of(rows.flow)
    return texts("mark.enumeration").join(f"{named('state', state)} {n}" for state, n in cases.items())
