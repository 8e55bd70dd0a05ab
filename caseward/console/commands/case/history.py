"""`caseward case history`: who did what when and why, the facts that each transition rests on, and its evidence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.new_files import write_new
from caseward.console.terminal.view import View, viewing
from caseward.console.text.output import as_json, complain, say
from caseward.console.wording.happenings import basis_of, rounds_begun, together, unsure, written
from caseward.console.wording.shapes import event_shape, wait_shape
from caseward.console.wording.texts import Texts
from workflow.errors import NotFound
from workflow.record.events import Event, verify
from workflow.store.documents import Document


def show(texts: Texts, number: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        row = await view.row(number)
        claim, store, view = row.claim, view.record.store, view.about(row.claim)
        # the row was read first: what was written since belongs to a later version than the one that is shown
        events = [event for event in await store.events(claim.case) if event.seq <= claim.seq]
        checks = await store.checks(claim.case)
        bad = verify(events, {claim.case: (claim.seq, claim.head)}, store.vault.chain)
        lines, begun = list(together(events, checks)), rounds_begun(events)
        if json:
            data = [
                event_shape(line, basis_of(line, events), begun.get(line.seq), view.moments)
                if isinstance(line, Event)
                else wait_shape(line, view.moments)
                for line in lines
            ]
            wrong = None if bad is None else {"seq": bad.seq, "why": bad.why}
            say(json.many(data, case=claim.number, verified=bad is None, wrong=wrong, zone=view.moments.zone.key))
        else:
            [told] = await view.told([row])
            heading = texts("history.heading", number=claim.number, title=told.title, zone=view.moments.zone.key)
            say(view.screen.paint(heading, "bold"))
            for line in lines:
                basis = basis_of(line, events) if isinstance(line, Event) else {}
                begins = begun.get(line.seq) if isinstance(line, Event) else None
                say("", *written(line, basis, view.reader, view.screen, begins))
            for notice in await store.messages_of(claim.case):
                if said := unsure(notice, view.reader):
                    say("", *view.screen.wrapped(f"{texts('label.notice')}: {said}"))
            say(
                "",
                texts("history.verified", n=len(events)) if bad is None else texts("more.history", number=claim.number),
            )
        if bad is not None:
            complain(texts("history.broken", seq=bad.seq, why=texts.told(bad.why)))
        return 0 if bad is None else 1

    return viewing(texts, work)


def write_document(texts: Texts, number: str, reference: str | None, out: Path | None, *, json: bool) -> int:
    """Writes a document of the case to a file that is not there yet; - is standard output."""
    if reference is None or out is None:
        raise Stopped(Complaint("usage", texts("error.document_pair"), texts("cure.document_pair"), USAGE))

    async def work(view: View) -> int:
        claim = (await view.row(number)).claim
        about = _named(await view.record.documents.of_case(claim.case), reference)
        content = await view.record.documents.get(about.digest)
        if str(out) == "-":
            sys.stdout.buffer.write(content)
            return 0
        write_new(texts, out, content)
        if json:
            say(as_json({"document": about.digest, "name": about.name, "file": str(out), "size": len(content)}))
        else:
            say(texts("history.written", name=about.name, file=out, size=len(content)))
        return 0

    return viewing(texts, work)


def _named(documents: Sequence[Document], reference: str) -> Document:
    """The document of the case whose reference begins so. Raises NotFound unless it is the only one."""
    meant = [one for one in documents if one.digest.startswith(reference.lower())]
    if len({one.digest for one in meant}) != 1:
        raise NotFound("document", reference)
    return meant[0]
