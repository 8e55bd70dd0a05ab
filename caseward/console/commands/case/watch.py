"""`caseward case watch`: each thing that happens to a case as it happens, until it is where it is waited for."""

from __future__ import annotations

import asyncio
import json as writing
import sys
from datetime import timedelta

from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import ERROR, TIMEOUT, Complaint, Stopped
from caseward.console.terminal.spans import limit_of
from caseward.console.terminal.view import View, viewing
from caseward.console.text.output import complain, say
from caseward.console.wording.happenings import basis_of, rounds_begun, written
from caseward.console.wording.reasons import headline
from caseward.console.wording.shapes import event_shape
from caseward.console.wording.texts import Texts
from workflow.record.events import Event

POLL = 0.5
"""Seconds between two looks at the record."""


def watch(texts: Texts, number: str, *, until: str | None, timeout: str | None, json: bool) -> int:
    """Returns 0: the state was reached, or without one the case has ended; 1: it ended elsewhere; 7: not in time."""

    limit = limit_of(texts, "--timeout", timeout) if timeout is not None else None

    async def work(view: View) -> int:
        row = await view.row(number)
        view = view.about(row.claim)
        states = list(view.plan(row.claim.flow).states)
        if until is not None and until not in states:
            raise not_one_of(texts, "state", until, states)
        if not json:
            await _stands(view, number)
        try:
            async with asyncio.timeout(limit.total_seconds() if limit is not None else None):
                state = await _follow(view, row.claim.case, row.claim.seq, until, json)
        except TimeoutError:
            cause = texts(
                "error.watched_in_vain", number=row.claim.number, span=view.moments.limit(limit or timedelta(0))
            )
            raise Stopped(
                Complaint("timeout", cause, texts("cure.not_allowed", case=row.claim.number), TIMEOUT)
            ) from None
        if until is not None and state != until:
            label = view.reader.labels("state", state)
            cause = texts("error.ended_elsewhere", number=row.claim.number, state=label)
            cure = texts("cure.ended_elsewhere", number=row.claim.number)
            raise Stopped(Complaint("ended_elsewhere", cause, cure, ERROR))
        return 0

    return viewing(texts, work)


async def _follow(view: View, case: str, seq: int, until: str | None, json: bool) -> str:
    """The state in which the case ended, or that was waited for."""
    begun = seq
    while True:
        row = await view.record.store.case(case)
        claim = row.claim
        if claim.seq > seq:
            events = await view.record.store.events(claim.case)
            for event in events:
                if seq < event.seq <= claim.seq:
                    _tell(view, event, events, json)
            seq = claim.seq
        if claim.state == until or row.final:
            if not json and seq != begun:
                await _stands(view, claim.number)
            return claim.state
        await asyncio.sleep(POLL)


def _tell(view: View, event: Event, events: list[Event], json: bool) -> None:
    basis, begins = basis_of(event, events), rounds_begun(events).get(event.seq)
    if json:
        # one object a line, so that a reader need not wait for the end
        shape = event_shape(event, basis, begins, view.moments)
        say(writing.dumps(shape, ensure_ascii=False))
    else:
        say(*written(event, {}, view.reader, view.screen, begins))
    sys.stdout.flush()


async def _stands(view: View, number: str) -> None:
    [told] = await view.told([await view.row(number)])
    if told.why.reason == "terminal":
        complain(*view.screen.wrapped(f"{told.claim.number}  {headline(told.why, view.reader)}"))
        return
    state = view.reader.labels("state", told.claim.state)
    said = view.texts("watch.stands", number=told.claim.number, state=state, why=headline(told.why, view.reader))
    complain(*view.screen.wrapped(said))
