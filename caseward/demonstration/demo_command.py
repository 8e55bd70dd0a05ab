"""`caseward demo` on a screen: each transition as it happens, then what came of it all; or one object for programs."""

from __future__ import annotations

from typing import Any

from caseward.app.systems import read_systems
from caseward.console.terminal.complaints import ERROR, Complaint, Stopped
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.terminal.view import labels
from caseward.console.text.output import as_json, complain, say, screen
from caseward.console.wording.seen import Labels
from caseward.console.wording.texts import Texts
from caseward.demonstration.demo import demonstrate, shortcomings
from workflow.record.events import Event
from workflow.settings import read_settings
from workflow.store import CaseRow

SAMPLES = 12


def run(texts: Texts, *, json: bool) -> int:
    """Plays to the end. Raises Stopped where what came of it is not what has to."""
    warnings_to_stderr()
    label, wide = labels(texts, read_systems(read_settings(lang=texts.language))), screen()
    speak = complain if json else say

    def hear(row: CaseRow, event: Event) -> None:
        if event.kind == "moved" and event.body:
            dest = str(event.body["to"])
            state = wide.paint(label.of(row.claim.flow)("state", dest), "green" if dest == "granted" else "cyan")
            speak(texts("demo.moved", number=row.claim.number, state=state))

    speak(texts("demo.begin"))
    result = demonstrate(texts.language, hear)
    wrong = shortcomings(result, SAMPLES)
    if json:
        say(as_json(result))
    else:
        say("", *summary(result, texts, label.of("copyright")))
    if wrong:
        raise Stopped(Complaint("demonstration", texts("error.demo"), texts("cure.demo"), ERROR, wrong, wrong))
    return 0


def summary(result: dict[str, Any], texts: Texts, label: Labels) -> list[str]:
    """The result in sentences."""
    counts = texts("mark.enumeration").join(f"{label('state', state)} {n}" for state, n in result["cases"].items())
    browser, ledger, incidents = result["browser"], result["ledger"], result["incidents"]
    history = result["history"]
    return [
        texts("demo.cases", counts=counts, n=result["transitions"]),
        texts("demo.browser", name=browser["name"], version=browser["version"], n=browser["steps"]),
        texts("demo.ledger", **ledger),
        texts("demo.incidents", opened=incidents["opened"], open=incidents["open"]),
        texts("demo.history" if history["verified"] else "demo.history.broken", n=history["events"]),
        texts("demo.seconds", n=result["seconds"]),
    ]
