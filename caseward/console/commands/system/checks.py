"""`caseward flow check` and `page`, `migrate`, `audit verify`: what the code and the record say about themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caseward.app.installation import open_record
from caseward.app.systems import read_systems
from caseward.console.commands.system.flow_pages import pages
from caseward.console.terminal.answers import Json, not_one_of
from caseward.console.terminal.complaints import ERROR, Complaint, Stopped
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.terminal.view import View, has_record, person, say_migrated, viewing
from caseward.console.text.output import as_json, say, screen
from caseward.console.wording.shapes import Both, both
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import LANGUAGES, Words
from workflow.engine.audit import accept, inspect_record
from workflow.engine.reasons import reason_given
from workflow.engine.startup_checks import check_live
from workflow.errors import NotFound
from workflow.flow.definition import Flow
from workflow.flow.functions import name_of as called
from workflow.record.database import name_of
from workflow.record.migrations import NEWEST
from workflow.record.watch import Finding
from workflow.sentence import Sentence
from workflow.settings import read_settings
from workflow.system import System

SHOWN = 20
"""This many findings are printed one by one."""


def check_flows(texts: Texts, *, json: Json | None) -> int:
    """Check that every table compiles and finds its remotes, and every live case its state; name what lacks a word."""
    settings = read_settings(lang=texts.language)
    systems = read_systems(settings)
    plans, remotes = systems.plans, systems.remotes
    rows = [checked(plan.flow, remotes.check(plan), systems.systems) for plan in plans.values()]
    live = has_record(settings)
    if live:
        warnings_to_stderr()

        async def opened() -> None:
            async with open_record(settings) as record:
                say_migrated(record, texts)
                await check_live(record.store, plans)

        asyncio.run(opened())
    if json:
        say(json.many(rows, live_cases_checked=live))
    else:
        for row in rows:
            say(texts("flow.checked", **row))
            if row["lacking"]:
                said = texts("flow.wordless", names=", ".join(row["lacking"]))
                say(*screen().wrapped(said, 4, "  !"))
            for warning in row["warnings"]:
                say(*screen().wrapped(warning[texts.language], 4, "  !"))
        say(texts("flow.live" if live else "flow.no_record"))
    return 0


def page(texts: Texts, name: str | None, out: Path | None, *, json: bool) -> int:
    """A page for each flow, in both languages; to a folder, or one of them to standard output."""
    known = pages(read_systems(read_settings(lang=texts.language)))
    if name is not None and f"{name}.md" not in known:
        raise not_one_of(texts, "flow", name, [file.removesuffix(".md") for file in known])
    chosen = {file: text for file, text in known.items() if name is None or file == f"{name}.md"}
    if out is None:
        shown = [{"flow": file.removesuffix(".md"), "page": text} for file, text in chosen.items()]
        say(as_json({"data": shown, "next_cursor": None}) if json else "\n".join(chosen.values()).rstrip("\n"))
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for file, text in chosen.items():
        (out / file).write_text(text, "utf-8")
    files = [str(out / file) for file in chosen]
    say(as_json({"files": files}) if json else texts("flow.pages", files=", ".join(files)))
    return 0


def bring_up(texts: Texts, *, json: bool) -> int:
    """Bring the schema to this code's version; a database that does not exist is made."""
    settings = read_settings(lang=texts.language)
    fresh = not has_record(settings)
    warnings_to_stderr()

    async def opened() -> str:
        async with open_record(settings) as record:
            say_migrated(record, texts)
            return name_of(record.database)

    where = asyncio.run(opened())
    if json:
        say(as_json({"database": where, "schema": NEWEST, "made": fresh}))
    else:
        say(texts("migrate.made" if fresh else "migrate.stands", where=where, version=NEWEST))
    return 0


def verify(texts: Texts, *, changed: bool, json: Json | None) -> int:
    """Check every row by its seal, every chain from its first event to its case, every anchor; name the first bad row.

    changed: check what the hourly audit checks, and no more.
    """

    async def work(view: View) -> int:
        record = view.record
        audited = await inspect_record(record.store, record.clock, record.settings.anchors, changed=changed)
        wrong, anchors = audited.findings, audited.anchors
        at = None if anchors is None else anchors.at
        found: dict[str, Any] = {
            "verified": audited.sound,
            "part": "changed" if changed else "whole",
            "cases": audited.cases,
            "events": audited.events,
            "anchors": None if anchors is None else anchors.count,
            "last_anchor": None if at is None else view.moments.iso(at),
            "acknowledged": audited.acknowledged,
            "wrong": _finding(texts, wrong[0]) if wrong else None,
            "findings": [_finding(texts, one) for one in wrong],
        }
        if json:
            say(json.one(found))
        elif audited.sound:
            held = "audit.changed_holds" if changed else "audit.verified"
            say(texts(held, cases=found["cases"], events=found["events"]))
            if anchors is not None:
                signed = None if at is None else texts("audit.anchors", n=anchors.count, at=view.moments.zoned(at))
                say(signed or texts("audit.no_anchor"))
            if audited.acknowledged:
                say(texts("audit.acknowledged", n=audited.acknowledged))
        if audited.sound:
            return 0
        told = [texts("audit.finding", **_finding(texts, one)) for one in wrong]
        more = [texts("audit.more", n=len(told) - SHOWN)] if len(told) > SHOWN else []
        cause = texts("error.broken_record", first=told[0], n=len(told))
        cure = texts("cure.broken_record", number=wrong[0].number)
        raise Stopped(Complaint("broken_record", cause, cure, ERROR, told, [*told[1:SHOWN], *more]))

    return viewing(texts, work)


def acknowledge(texts: Texts, name: str | None, *, reason: str, json: bool) -> int:
    """Acknowledge what an audit finds, of a case or of all, on a person's word that is written to the anchors."""

    async def work(view: View) -> int:
        record = view.record
        audited = await inspect_record(record.store, record.clock, record.settings.anchors)
        case = None if name is None else await _case_of(view, name)
        said = reason_given(reason)
        seen = [one for one in audited.findings if case in (None, one.case, one.number)]
        if not seen:
            raise Stopped(Complaint("nothing_found", texts("error.nothing_found"), texts("cure.nothing_found"), ERROR))
        await accept(record.store, record.clock, record.settings.anchors, seen, by=person(), reason=said)
        if json:
            say(as_json({"acknowledged": [_finding(texts, one) for one in seen]}))
        else:
            for one in seen:
                say(texts("audit.finding", **_finding(texts, one)))
            say(texts("audit.taken", n=len(seen)))
        return 0

    return viewing(texts, work)


async def _case_of(view: View, name: str) -> str:
    """The id of a case; of one that is gone, the name as it was given."""
    try:
        return (await view.row(name)).claim.case
    except NotFound:
        return name


def _finding(texts: Texts, found: Finding) -> dict[str, Any]:
    return {
        "seq": seq if found.place.code == "place_event" and type(seq := found.place.parts["name"]) is int else None,
        "mark": found.mark,
        "invariant": found.invariant,
        "case": found.case or None,
        "number": found.number,
        "place": texts.told(found.place),
        "what": texts.told(found.what),
    }


def _in_both(said: Sentence) -> Both:
    return both(lambda language: Texts(language).told(said))


def checked(flow: Flow, warnings: Sequence[Sentence], systems: Sequence[System]) -> dict[str, Any]:
    """The size of a flow, its names without a word for people, and which lines wait though they need not.

    systems: those that are on, with their catalogues.
    """
    lines = list(flow.lines())
    names = {("state", str(state.name)) for state in flow.states}
    names |= {("guard", called(guard)) for _, line in lines for guard in line.guards}
    names |= {("action", done.name) for _, line in lines for done in line.actions}
    names |= {("fact", asked.name) for asked in flow.facts}
    names |= {("notice", called(line.tell)) for _, line in lines if line.tell is not None}
    names |= {("line", line.name) for _, line in lines if line.name}
    names |= {("incident", line.incident) for _, line in lines if line.incident}
    names |= {("incident", str(state.name)) for state in flow.states if state.incident}
    words = [Words(language, flow, systems=systems) for language in LANGUAGES]
    lacking = sorted(
        f"{flow.name}.{kind}.{name} ({said.language})"
        for kind, name in names
        for said in words
        if f"{kind}.{name}" not in said
    )
    return {
        "flow": flow.name,
        "version": flow.version,
        "states": len(flow.states),
        "lines": len(lines),
        "guards": sum(kind == "guard" for kind, _ in names),
        "lacking": lacking,
        "warnings": [_in_both(said) for said in warnings],
    }
