"""`caseward schedule run --follow`: shows a run to its end; the run goes on when nobody watches any more."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from caseward.console.commands.schedule.views import alive
from caseward.console.terminal.complaints import ERROR, INTERRUPTED, TIMEOUT, Complaint, Stopped
from caseward.console.terminal.timings import counts_said, result_said, run_shape, took_said
from caseward.console.terminal.view import View
from caseward.console.text.output import as_json, complain, say
from workflow.schedules.run import OPEN, Asked, Run

POLL = 0.3
"""Seconds between two looks at the run."""


async def follow(view: View, asked: Asked, limit: timedelta | None, *, json: bool) -> int:
    """Returns 0: it finished; 1: it broke off or was lost.

    Raises Stopped where it is not over in time, or nobody watches on.
    """
    name, texts = asked.run.name, view.texts
    cure = texts("cure.run_goes_on", name=name)
    try:
        async with asyncio.timeout(limit.total_seconds() if limit is not None else None):
            run = await _ended(view, asked.run, json)
    except TimeoutError:
        cause = texts("error.run_not_over", name=name, span=view.moments.limit(limit or timedelta(0)))
        raise Stopped(Complaint("timeout", cause, cure, TIMEOUT)) from None
    except asyncio.CancelledError:
        raise Stopped(Complaint("interrupted", texts("error.run_unwatched", name=name), cure, INTERRUPTED)) from None
    well = run.status == "finished" and run.error is None
    if json:
        say(as_json({**run_shape(view, run), "already": asked.already}))
        return 0 if well else ERROR
    if not well:
        cause = texts("error.run_failed", name=name, result=result_said(run, view.reader))
        raise Stopped(Complaint("run_failed", cause, texts("cure.run_failed", name=name)))
    say(texts("follow.finished", took=took_said(run, view.reader), result=result_said(run, view.reader)))
    return 0


async def tell_without_worker(view: View, queue: str) -> None:
    """Say that no worker is alive: nothing runs without one, and no log would show it."""
    if not any(queue in one.queues for one in await alive(view)):
        complain(*view.screen.wrapped(view.texts("run.no_worker", queue=queue)))


async def _ended(view: View, run: Run, json: bool) -> Run:
    """The run when it is over; each change on the way is printed."""
    told = None
    while True:
        if not json and (said := _stands(view, run)) != told:
            if run.status == "pending":
                await tell_without_worker(view, run.queue)
            say(*view.screen.wrapped(said))
            sys.stdout.flush()
            told = said
        if run.status not in OPEN:
            return run
        await asyncio.sleep(POLL)
        run = await view.record.store.run(run.id)


def _stands(view: View, run: Run) -> str:
    texts, reader = view.texts, view.reader
    if run.waits_for is not None or (run.status == "pending" and run.again_at is not None):
        return result_said(run, reader)
    if run.status == "pending":
        counts = counts_said(run, reader)
        return texts("follow.onward" if counts else "follow.pending", queue=run.queue, counts=counts)
    return texts("follow.running", owner="/".join((run.owner or "").split("/")[:2]))
