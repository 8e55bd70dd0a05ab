"""Writes the end of a share: the run goes on elsewhere, is tried again, or is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from workflow.backoff import backoff
from workflow.clock import Clock
from workflow.schedules.parts import part_ended, tries
from workflow.schedules.run import Run
from workflow.sentence import Said
from workflow.store import Store

log = structlog.get_logger()


@dataclass(frozen=True)
class Over:
    """How a share ended. onward: the queue that does the rest; error: what broke it off; late: its time ran out."""

    counts: Mapping[str, int] = field(default_factory=dict)
    onward: str | None = None
    error: Said | None = None
    late: bool = False


async def settle(store: Store, clock: Clock, run: Run, over: Over, *, queues: Sequence[str], stopping: bool) -> None:
    """queues: where each target of the run begins; empty where this process cannot read the target.

    stopping: the process ends, and another one does what is left of the run.
    """
    real = await clock.real()
    if over.error is None and stopping:
        held = await store.pass_on(run, run.queue, over.counts, real=real)
    elif over.error is None and over.onward is not None:
        held = await store.go_on(run, over.onward, over.counts, real=real)
    else:
        held = await _part_ended(store, clock, run, over, queues, real)
    if not held:
        log.warning("run.lost", schedule=run.name, run=run.id)


async def _part_ended(store: Store, clock: Clock, run: Run, over: Over, queues: Sequence[str], real: datetime) -> bool:
    """A target of the run is over, and with the last one the run is."""
    ended = part_ended(run, error=over.error, late=over.late, real=real)
    run, through = ended.run, over.error is None
    if ended.onward == "over":
        return await store.finish(run, over.counts, real=real, error=ended.error, through=through)
    queue = queues[run.part] if len(queues) > 1 else run.queue
    if ended.onward == "next":
        return await store.pass_on(run, queue, over.counts, real=real, through=through)
    wait = backoff(tries(run))
    log.info("run.again", schedule=run.name, after_s=wait.total_seconds())
    return await store.try_again(run, queue, over.counts, at=await clock.business() + wait, real=real)
