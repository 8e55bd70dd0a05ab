"""What is wrong with the installation and with no case of it: outages, schedules, runs, a clock, cases left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from caseward.app.systems import Systems
from caseward.console.terminal.timings import Strangeness, failing_parts, outage_parts, strangeness
from caseward.console.terminal.view import View
from caseward.console.text.output import complain
from workflow.engine.startup_checks import LeftAlone, left_alone
from workflow.schedules.outages import Outage
from workflow.schedules.run import Failing
from workflow.store import ClockJump, Store

CLOCK_TOLD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Ailments:
    """The troubles of the installation, as they stand now."""

    outages: tuple[Outage, ...]
    strange: tuple[Strangeness, ...]
    failing: tuple[Failing, ...]
    jumps: tuple[ClockJump, ...]
    alone: tuple[LeftAlone, ...]
    """Cases that no process of this installation knows, so that nobody looks at them."""

    @property
    def left(self) -> dict[str, Any] | None:
        """The parts of the sentence about them."""
        names = ", ".join(f"{one.what} ({one.cases})" for one in self.alone)
        return {"n": sum(one.cases for one in self.alone), "names": names} if self.alone else None

    def tell(self, view: View) -> None:
        """Print each trouble in a sentence of its own, beside what is printed for programs."""
        texts, moments = view.texts, view.moments
        said = [texts(f"doctor.outages.{one.kind}", **outage_parts(one, moments.zone)) for one in self.outages]
        said += [texts(f"schedule.strange.{one.what}", **one.parts) for one in self.strange]
        said += [texts(f"incident.runs.{one.how}", **failing_parts(one, moments.zone)) for one in self.failing]
        if self.left:
            said.append(texts("doctor.flows.unknown", **self.left))
        for jump in self.jumps:
            parts = {"before": moments.whole(jump.expected), "after": moments.whole(jump.found)}
            said.append(texts("incident.clock", **parts))
        for each in said:
            complain(*view.screen.wrapped(each))

    def shape(self, view: View) -> dict[str, list[dict[str, Any]]]:
        iso = view.moments.iso
        return {
            "outages": [
                {"kind": one.kind, "about": one.about, "since": iso(one.since), "count": one.count, "why": one.why}
                for one in self.outages
            ],
            "strange_schedules": [{"what": one.what, **one.parts} for one in self.strange],
            "failing_schedules": [
                {"name": one.name, "how": one.how, "runs": one.runs, "since": iso(one.since), "why": one.why}
                for one in self.failing
            ],
            "left_alone": [{"what": one.what, "cases": one.cases, "cure": one.cure} for one in self.alone],
            "clock_jumps": [
                {"expected": iso(one.expected), "found": iso(one.found), "seconds": one.by.total_seconds()}
                for one in self.jumps
            ],
        }


async def ailments(view: View) -> Ailments:
    return await gathered(view.record.store, view.record.systems, real=view.real, now=view.moments.now)


async def gathered(store: Store, systems: Systems, *, real: datetime, now: datetime) -> Ailments:
    """Clocks that were set are told of for a day."""
    rules, plans = systems.rules, systems.plans
    seated, entered = systems.remotes.seated(plans.values()), systems.remotes.seats(plans.values())
    strange = [strangeness(each, rules, now) for each in await store.schedules()]
    return Ailments(
        tuple(await store.outages(real=real, now=now, seated=seated, entered=entered)),
        tuple(one for one in strange if one is not None),
        tuple(await store.failing(real)),
        tuple(one for one in await store.clock_jumps(limit=3) if abs(real - one.found) < CLOCK_TOLD_FOR),
        tuple(await left_alone(store, plans, now)),
    )
