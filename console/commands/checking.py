"""`caseward flow check` and `page`, `migrate`, `audit verify`: what the code and the record say about themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from console.commands.flow_pages import FLOWS, pages
from console.terminal.answers import Json, not_one_of
from console.terminal.complaints import ERROR, Complaint, Stopped
from console.terminal.logs import warnings_to_stderr
from console.terminal.output import as_json, say, screen
from console.terminal.view import View, has_record, viewing
from console.wording.shapes import Both, both
from console.wording.texts import Texts
from console.wording.words import LANGUAGES, Words
from record import flows, open_record
from workflow.anchors import anchored, read_anchors, verify_anchors
from workflow.database import name_of
from workflow.definition import Flow
from workflow.events import Event
from workflow.functions import name_of as called
from workflow.machine import Plan
from workflow.migrations import NEWEST, migrate
from workflow.remotes import Remotes
from workflow.settings import read_settings
from workflow.starting import check_live


def check_flows(texts: Texts, *, json: Json | None) -> int:
    """Every table compiles and finds its adapters, every name has its words, every live case a state to stand in."""
    # read here: it brings every adapter along, and no other command of this file needs one
    from assembly import REMOTES

    settings = read_settings(lang=texts.language)
    plans = {flow.name: Plan(flow) for flow in flows(settings)}
    remotes = Remotes(REMOTES.values())
    rows = [_checked(plan.flow, remotes.check(plan)) for plan in plans.values()]
    live = has_record(settings)
    if live:
        warnings_to_stderr()

        async def opened() -> None:
            async with open_record(settings) as record:
                await check_live(record.store, plans)

        asyncio.run(opened())
    lacking = [name for row in rows for name in row["lacking"]]
    if json:
        say(json.many(rows, live_cases_checked=live))
    else:
        for row in rows:
            say(texts("flow.checked" if not row["lacking"] else "flow.wordless", **row))
            for warning in row["warnings"]:
                say(*screen().wrapped(warning[texts.language], 4, "  !"))
        say(texts("flow.live" if live else "flow.no_record"))
    if lacking:
        cause = texts("error.wordless", names=", ".join(lacking))
        raise Stopped(Complaint("wordless", cause, texts("cure.wordless"), ERROR, lacking))
    return 0


def page(texts: Texts, name: str | None, out: Path | None, *, json: bool) -> int:
    """A page for each flow, in both languages; to a folder, or one of them to standard output."""
    known = pages()
    if name is not None and f"{name}.md" not in known:
        raise not_one_of(texts, "flow", name, [flow.name for flow in FLOWS])
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
    """The schema brought to this code's version; a database that is not there yet is made."""
    settings = read_settings(lang=texts.language)
    fresh = not has_record(settings)

    async def opened() -> str:
        async with open_record(settings) as record:
            await migrate(record.database)
            return name_of(record.database)

    where = asyncio.run(opened())
    if json:
        say(as_json({"database": where, "schema": NEWEST, "made": fresh}))
    else:
        say(texts("migrate.made" if fresh else "migrate.stands", where=where, version=NEWEST))
    return 0


def verify(texts: Texts, *, json: Json | None) -> int:
    """Every chain from its first event to its case, and every anchored head that was signed outside the database."""

    async def work(view: View) -> int:
        record, settings = view.record, view.record.settings
        heads = await record.store.heads()
        bad = await record.store.verify()
        anchors = read_anchors(settings.anchors, record.store.vault.chain)
        if bad is None:
            bad = verify_anchors(anchors, await _anchored_events(view, set(anchored(anchors))))
        found: dict[str, Any] = {
            "verified": bad is None,
            "cases": len(heads),
            "events": sum(seq for seq, _ in heads.values()),
            "anchors": len(anchors),
            "last_anchor": view.moments.iso(anchors[-1].at) if anchors else None,
            "wrong": None if bad is None else {"case": bad.case, "seq": bad.seq, "why": bad.why},
        }
        if json:
            say(json.one(found))
        elif bad is None:
            say(texts("audit.verified", cases=found["cases"], events=found["events"]))
            say(
                texts("audit.anchors", n=len(anchors), at=view.moments.zoned(anchors[-1].at))
                if anchors
                else texts("audit.no_anchor")
            )
        if bad is None:
            return 0
        number = next(
            (row.claim.number for row in await record.store.cases(limit=10_000) if row.claim.case == bad.case), bad.case
        )
        cause = texts("error.broken_record", number=number, seq=bad.seq, why=texts.known(bad.why))
        raise Stopped(Complaint("broken_record", cause, texts("cure.broken_record", number=number), ERROR))

    return viewing(texts, work)


def _in_both(said: str) -> Both:
    return both(lambda language: Texts(language).known(said))


async def _anchored_events(view: View, cases: set[str]) -> dict[tuple[str, int], Event]:
    return {(event.case, event.seq): event for case in sorted(cases) for event in await view.record.store.events(case)}


def _checked(flow: Flow, warnings: Sequence[str]) -> dict[str, Any]:
    """The size of a flow, what it names without a word for people, and which lines wait though they need not."""
    lines = list(flow.lines())
    names = {("state", str(state.name)) for state in flow.states}
    names |= {("guard", called(guard)) for _, line in lines for guard in line.guards}
    names |= {("action", done.name) for _, line in lines for done in line.actions}
    names |= {("fact", asked.name) for asked in flow.facts}
    lacking = sorted(
        f"{kind}.{name} ({language})"
        for kind, name in names
        for language in LANGUAGES
        if f"{kind}.{name}" not in Words(language)
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
