"""How a run goes on once one of its targets has ended: the next target, another try, or nothing more; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from workflow.schedules.run import Failure, PartStatus, Run
from workflow.schedules.targets import split
from workflow.sentence import Said, Sentence, Sentences

LEFT: PartStatus = "left"


@dataclass(frozen=True)
class PartEnded:
    """The run as it stands now, and how it goes on. error: what ended it for good."""

    run: Run
    onward: Literal["next", "again", "over"]
    error: Said | None = None


def part_ended(run: Run, *, error: Said | None, late: bool, real: datetime) -> PartEnded:
    """The run's current target has ended. error: it broke off.

    The targets after one that failed still have their turn. Those that failed are tried again when all had theirs, as
    often as the schedule says; one whose time ran out is not.
    """
    targets = split(run.target)
    if error is not None:
        failure = Failure(real, error, run.part if len(targets) > 1 else None)
        run = replace(run, failures=(*run.failures, failure))
    status: PartStatus = "done" if error is None else "failed" if late or tries(run) > run.retries else "again"
    if len(targets) == 1:
        return PartEnded(run, "again" if status == "again" else "over", error)
    before = run.parts or (LEFT,) * len(targets)
    parts = (*before[: run.part], status, *before[run.part + 1 :])
    if LEFT in parts:
        return PartEnded(replace(run, parts=parts), "next")
    if "again" in parts:
        return PartEnded(replace(run, parts=tuple(LEFT if one == "again" else one for one in parts)), "again")
    run = replace(run, parts=parts)
    return PartEnded(run, "over", _failed(run, targets))


def tries(run: Run) -> int:
    """How often the run's current target broke off."""
    return len([one for one in run.failures if one.part in (None, run.part)])


def _failed(run: Run, targets: Sequence[str]) -> Said | None:
    """The targets that failed for good, each with its newest error."""
    newest = {one.part: one.error for one in run.failures}
    failed = [n for n, status in enumerate(run.parts) if status == "failed"]
    told = [Sentence("target_failed", "{target}: {error}", target=targets[n], error=newest[n]) for n in failed]
    return Sentences(told) if told else None
