"""What people do with schedules: add, edit, pause, delete, restore, run once; checked first, always on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workflow.clock import Clock
from workflow.errors import Conflict, NotAllowed
from workflow.scheduler.beat import advance
from workflow.schedules.due_instants import foreseen, gone_by
from workflow.schedules.run import OPEN, Asked, Candidate, Later
from workflow.schedules.schedule import (
    BadSchedule,
    Definition,
    Kind,
    Preview,
    Rules,
    Schedule,
    check_after,
    edited,
    first_after,
)
from workflow.schedules.targets import Job, NamedLine, Sweep
from workflow.sentence import Sentence
from workflow.store import Store


class ScheduleCommands:
    """Commands of one person, "person:NAME". version: the one that the person saw; None takes the newest."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, actor: str) -> None:
        self._store, self._clock, self._rules, self._actor = store, clock, rules, actor

    async def add(self, new: Definition, reason: str | None = None) -> Schedule:
        now = await self.checked(new)
        return await self._store.add_schedule(
            new, actor=self._actor, reason=reason, now=now, next_run_at=first_after(new, now)
        )

    async def checked(self, new: Definition, old: Schedule | None = None) -> datetime:
        """The business time. Raises where the definition is not accepted. old: the schedule that it replaces."""
        now = await self._clock.business()
        self._rules.check(new, now)
        deleted = [one.definition for one in await self._store.schedules(deleted=True)]
        live = {one.definition.name: one.definition for one in await self._store.schedules()}
        was = old.definition.name if old is not None else None
        if new.name != was:
            if waiting := [one.name for one in (*deleted, *live.values()) if was is not None and one.after == was]:
                raise BadSchedule("name", "name.awaited", value=", ".join(waiting))
            if new.name in live:
                raise Conflict(new.name, Sentence("another_schedule_has_this", "another schedule has this name"))
            live.pop(was or "", None)
        nothing = {one.name: None for one in deleted}  # a deleted schedule waits for nothing
        check_after(new, nothing | {name: one.after for name, one in live.items()})
        return now

    async def edit(
        self, name: str, changes: Mapping[str, Any], reason: str, version: int | None = None, kind: Kind = "edited"
    ) -> Schedule:
        """Change the definition; it counts at the next beat. Instants that have come by now go by the old one."""
        old = await self._live(name, version)
        new = edited(old.definition, changes)
        now = await self.checked(new, old)
        brought = await advance(
            self._store, old, self._rules, now=now, real=await self._clock.real(), actor=self._actor
        )
        onward = brought.next_run_at if new.plan == brought.planned else first_after(new, now)
        return await self._store.edit_schedule(
            brought, new, kind=kind, actor=self._actor, reason=reason, now=now, next_run_at=onward
        )

    async def pause(self, name: str, until: datetime, reason: str, version: int | None = None) -> Schedule:
        """Let no instant before this time run."""
        if not reason.strip():
            raise BadSchedule("paused_until")
        return await self.edit(name, {"paused_until": until, "paused_reason": reason}, reason, version, "paused")

    async def resume(self, name: str, reason: str, version: int | None = None) -> Schedule:
        """Enable the schedule, and end its pause."""
        changes = {"paused_until": None, "paused_reason": None, "enabled": True}
        return await self.edit(name, changes, reason, version, "resumed")

    async def delete(self, name: str, reason: str, version: int | None = None) -> Schedule:
        """Delete the schedule; its history and log stay, and restore brings it back.

        Raises Conflict while a run of it is open.
        """
        old = await self._live(name, version)
        for status in OPEN:
            if await self._store.runs(old.id, status=status, limit=1):
                raise Conflict(
                    old.definition.name,
                    Sentence("run_try_again_when", "a run of it is {status}; try again when it is over", status=status),
                )
        now = await self._clock.business()
        brought = await advance(
            self._store, old, self._rules, now=now, real=await self._clock.real(), actor=self._actor
        )
        return await self._store.edit_schedule(
            brought, old.definition, kind="deleted", actor=self._actor, reason=reason, now=now, next_run_at=None
        )

    async def restore(self, name: str, reason: str) -> Schedule:
        """Bring the schedule back as it was; the log tells of the instants meanwhile."""
        old = await self._store.schedule(name)
        if old.deleted_at is None:
            raise NotAllowed(
                old.definition.name, Sentence("to_restore", "to restore"), Sentence("not_deleted", "it is not deleted")
            )
        now = await self.checked(old.definition, old)
        timing, _ = self._rules.read(old.definition)
        rows, onward = [], first_after(old.definition, old.deleted_at)
        while onward is not None and onward <= now:
            row, onward = gone_by(timing, onward, now, "deleted")
            rows.append(row)
        return await self._store.edit_schedule(
            old,
            old.definition,
            kind="restored",
            actor=self._actor,
            reason=reason,
            now=now,
            next_run_at=onward,
            rows=rows,
            real=await self._clock.real(),
        )

    async def run_now(self, name: str, reason: str | None = None) -> Asked:
        """Write one run that begins at once, also of a disabled or paused schedule. An open run counts as that one."""
        schedule = await self._live(name, None)
        targets = self._rules.targets
        return await self._store.run_now(
            schedule,
            actor=self._actor,
            reason=reason,
            queue=targets.queue(targets.read(schedule.definition.target)[0]),
            now=await self._clock.business(),
            real=await self._clock.real(),
        )

    async def preview(self, name: str, n: int = 5) -> tuple[Preview, ...]:
        """The next instants, with those that will be skipped; where all of these will be, the first that runs too."""
        schedule = await self._store.schedule(name)
        return foreseen(self._rules, schedule.definition, await self._clock.business(), n)

    async def would_take(self, name: str, limit: int = 100) -> list[Candidate]:
        """The cases that a run now would look at; of a job none."""
        definition = (await self._store.schedule(name)).definition
        most = limit if definition.batch == -1 else min(limit, definition.batch)
        found: dict[str, Candidate] = {}
        for target in self._rules.targets.read(definition.target):
            if not isinstance(target, Job):
                found |= {one.case: one for one in await self._would_take(target, most)}
        return list(found.values())[:limit]

    async def later(self, name: str, than: timedelta = timedelta(0)) -> Later | None:
        """The cases of its sweeps that wait for a look later than so long from now; None where there is none.

        The look before set their instants: by a guard's `until`, after a failure, or by the recheck of that time. The
        record does not say by which, so that no edit of a schedule moves them.
        """
        definition, plans = (await self._store.schedule(name)).definition, self._rules.targets.plans
        after = await self._clock.business() + than
        swept = [one for one in self._rules.targets.read(definition.target) if isinstance(one, Sweep)]
        of = [(one.flow, [name for state in one.states for name in plans[one.flow].called(state)]) for one in swept]
        return await self._store.later(of, after=after)

    async def _would_take(self, target: Sweep | NamedLine, most: int) -> list[Candidate]:
        if isinstance(target, NamedLine):
            states = self._rules.targets.plans[target.flow].named_lines[target.line]
            return await self._store.would_take(target.flow, states, cutoff=None, limit=most)
        return await self._store.would_take(target.flow, target.states, cutoff=await self._clock.business(), limit=most)

    async def _live(self, name: str, version: int | None) -> Schedule:
        schedule = await self._store.schedule(name)
        if schedule.deleted_at is not None:
            raise NotAllowed(
                schedule.definition.name,
                Sentence("this", "this"),
                Sentence("deleted_restore_first", "it is deleted; restore it first"),
            )
        if version is not None and version != schedule.version:
            raise Conflict(
                schedule.definition.name,
                Sentence(
                    "at_version_by_now", "it is at version {version} by now; look at it again", version=schedule.version
                ),
            )
        return schedule
