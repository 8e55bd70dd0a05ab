"""Runs: their queue, from which each is given out once, and the log of what became of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import NotFound
from workflow.record.columns import Instant, Unreadable, instant_text, whole
from workflow.record.schedule_tables import run_shares, runs, schedules
from workflow.record.tables import cases, claimable
from workflow.schedules.due_instants import Row
from workflow.schedules.run import OPEN, RESEND, Asked, Candidate, Failure, Later, PartStatus, Run
from workflow.schedules.schedule import Schedule
from workflow.schedules.targets import split
from workflow.sentence import kept_text, said_in
from workflow.store.rows import Row as Found
from workflow.store.schedules import new_run, span
from workflow.store.transactions import Transactions
from workflow.store.waits import WAITS, WAITS_FOR

MICRO = timedelta(microseconds=1)
_BESIDE = tuple(schedules.c[name] for name in ("name", "batch", "recheck_s", "timeout_s", "retries", "next_run_at"))
_JOBS_FIRST = case((runs.c.target.like("job %"), 0), else_=1)
"""Runs of jobs come first among those of one instant, so that what they bring is there when cases are looked at."""
_ROWS = select(runs, *_BESIDE, WAITS_FOR).join_from(runs, schedules)


class Runs(Transactions):
    """The queue and the log of runs. Leases and the times of a run are real time."""

    async def run_now(
        self, schedule: Schedule, *, actor: str, reason: str | None, queue: str, now: datetime, real: datetime
    ) -> Asked:
        """Write a run at this instant, whatever the timing says. An open run counts instead, and is tried at once."""

        async def work(connection: AsyncConnection) -> tuple[str, bool]:
            await _lock(connection, schedule.id)
            open_one = select(runs.c.id).where(_open(schedule.id)).order_by(runs.c.due_at).limit(1)
            found = (await connection.execute(open_one)).scalar()
            if found is not None:
                await connection.execute(update(runs).where(runs.c.id == found).values(again_at=None))
                return str(found), True
            at = await free_instant(connection, schedule.id, now)
            new = new_run(schedule, Row(at, at), None, queue=queue, actor=actor, real=real, reason=reason)
            await connection.execute(runs.insert().values(**new))
            return str(new["id"]), False

        id_, already = await self.writing(work)
        return Asked(await self.run(id_), already)

    async def to_send(self, real: datetime, now: datetime, limit: int = 50) -> list[Run]:
        """Pending runs of which no worker was told yet, or not lately. They count as told from now on."""
        untold = or_(runs.c.sent_at.is_(None), runs.c.sent_at <= real - RESEND)
        begins = and_(runs.c.status == "pending", untold, is_time(now), ~WAITS)
        found = select(runs.c.id).join_from(runs, schedules).where(begins)
        query = found.order_by(runs.c.due_at).limit(limit).with_for_update(skip_locked=True, of=runs)
        async with self.reading() as connection:
            if (await connection.execute(found.limit(1))).first() is None:
                return []

        async def work(connection: AsyncConnection) -> list[Run]:
            told = runs.c.id.in_(list((await connection.execute(query)).scalars()))
            await connection.execute(update(runs).where(told).values(sent_at=real))
            rows = await connection.execute(_ROWS.where(told).order_by(runs.c.due_at, runs.c.id))
            return [_run(row) for row in rows.mappings() if _is_whole(row)]

        return await self.writing(work)

    async def pending(self, queues: Sequence[str], limit: int, *, now: datetime) -> list[Run]:
        """The runs that can begin in these queues, oldest first, without those that wait for another run."""
        other = runs.alias("other")
        running = select(other.c.id).where(other.c.schedule == runs.c.schedule, other.c.status == "running")
        free = or_(schedules.c.overlap == "allow", ~running.exists())
        waiting = and_(runs.c.status == "pending", runs.c.queue.in_(list(queues)), free, is_time(now), ~WAITS)
        return await self._select(waiting, limit=limit, whole=True)

    async def begin(self, run: Run, *, owner: str, real: datetime, lease: timedelta) -> Run | None:
        """Begin the run.

        Returns it with a lease, or None where another worker was faster or it waits for another run.
        """

        async def work(connection: AsyncConnection) -> Run | None:
            overlap = await _lock(connection, run.schedule)
            if overlap != "allow":
                busy = and_(runs.c.schedule == run.schedule, runs.c.status == "running")
                if (await connection.execute(select(runs.c.id).where(busy).limit(1))).first() is not None:
                    return None
            waits = select(runs.c.id).join_from(runs, schedules).where(runs.c.id == run.id, WAITS)
            if (await connection.execute(waits)).first() is not None:
                return None
            as_read = and_(runs.c.status == "pending", runs.c.tries == run.tries)
            taken = (
                update(runs)
                .where(runs.c.id == run.id, as_read)
                .values(
                    status="running",
                    owner=owner,
                    tries=runs.c.tries + 1,
                    lease_until=real + lease,
                    again_at=None,
                    begun_at=func.coalesce(runs.c.begun_at, literal(real, Instant()), type_=Instant()),
                )
            )
            if not (await connection.execute(taken)).rowcount:
                return None
            found = await connection.execute(_ROWS.where(runs.c.id == run.id))
            begun = _run(found.mappings().one())
            await connection.execute(run_shares.insert().values(**own_share(begun, owner, real, lease)))
            return begun

        async def held(connection: AsyncConnection, begun: Run | None) -> bool:
            # where none was begun, another try does no harm
            ours = and_(of_try(begun), runs.c.owner == owner) if begun is not None else false()
            return (await connection.execute(select(runs.c.id).where(ours))).first() is not None

        return await self.writing(work, held)

    async def run(self, id_: str) -> Run:
        found = await self._select(runs.c.id == id_)
        if not found:
            raise NotFound("run", id_)
        return found[0]

    async def runs(
        self, schedule: str | None = None, *, status: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> list[Run]:
        """The log, newest first. before: the instant of the last row of the page before."""
        wanted = [
            *([runs.c.schedule == schedule] if schedule is not None else []),
            *([runs.c.status == status] if status is not None else []),
            *([runs.c.due_at < before] if before is not None else []),
        ]
        return await self._select(and_(*wanted) if wanted else None, limit=limit, newest=True)

    async def any_open(self) -> bool:
        """Whether a run is pending or under way."""
        query = select(runs.c.id).where(runs.c.status.in_(OPEN)).limit(1)
        async with self.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def open_runs(self, now: datetime) -> list[Run]:
        """The runs that are under way or wait to begin by now, oldest first."""
        return await self._select(and_(runs.c.status.in_(OPEN), is_time(now)), whole=True)

    async def under_way(self, queues: Sequence[str], *, real: datetime) -> list[Run]:
        """The runs under way in these queues that have no limit of cases, oldest first."""
        mine = runs.c.status == "running", runs.c.queue.in_(list(queues)), runs.c.lease_until > real
        return await self._select(and_(*mine, schedules.c.batch < 0), whole=True)

    async def would_take(
        self, flow: str, states: Sequence[str], *, cutoff: datetime | None, limit: int
    ) -> list[Candidate]:
        """The cases that a sweep with this cutoff would claim, in its order.

        Without a cutoff, those of a named line.
        """
        due = [cases.c.due_at <= cutoff] if cutoff is not None else []
        wanted = and_(claimable, cases.c.flow == flow, cases.c.state.in_(list(states)), *due)
        order = (cases.c.due_at, cases.c.id) if cutoff is not None else (cases.c.id,)
        query = select(cases.c.id, cases.c.number, cases.c.state, cases.c.due_at, cases.c.flow).where(wanted)
        async with self.reading() as connection:
            return [Candidate(*row) for row in await connection.execute(query.order_by(*order).limit(limit))]

    async def later(self, of: Sequence[tuple[str, Sequence[str]]], *, after: datetime) -> Later | None:
        """The cases of these flows and states that can be claimed once they are due, and that is after this instant."""
        states = or_(false(), *(and_(cases.c.flow == flow, cases.c.state.in_(list(names))) for flow, names in of))
        waits = and_(claimable, states, cases.c.due_at > after)
        counted = select(func.count(), func.min(cases.c.due_at), func.max(cases.c.due_at)).where(waits)
        first = select(cases.c.number).where(waits).order_by(cases.c.due_at, cases.c.id).limit(1)
        async with self.reading() as connection:
            n, first_at, last_at = (await connection.execute(counted)).one()
            number = (await connection.execute(first)).scalar()
        return Later(n, first_at, last_at, number) if number is not None else None

    async def lived(self, until: datetime) -> tuple[datetime, datetime] | None:
        """The newest run that was made by this real instant: when it was made, and its business instant."""
        query = select(runs.c.made_at, runs.c.due_at).where(runs.c.made_at <= until)
        async with self.reading() as connection:
            newest = query.order_by(runs.c.made_at.desc()).limit(1)
            row = (await connection.execute(newest)).first()
            return None if row is None else (row.made_at, row.due_at)

    async def forget_runs(self, before: datetime) -> int:
        """Delete closed rows that were made before this real instant; returns how many."""

        async def work(connection: AsyncConnection) -> int:
            old = and_(runs.c.made_at < before, runs.c.status.notin_(OPEN))
            await connection.execute(run_shares.delete().where(run_shares.c.run.in_(select(runs.c.id).where(old))))
            return (await connection.execute(runs.delete().where(old))).rowcount

        return await self.writing(work)

    async def _select(
        self, where: ColumnElement[bool] | None, *, limit: int = 500, newest: bool = False, whole: bool = False
    ) -> list[Run]:
        """Rows of runs. whole: only rows that can be run; a row that was spoilt by hand harms no other."""
        at = runs.c.due_at
        query = _ROWS.order_by(at.desc() if newest else at, _JOBS_FIRST, runs.c.id).limit(limit)
        if where is not None:
            query = query.where(where)
        async with self.reading() as connection:
            rows = (await connection.execute(query)).mappings()
            return [_run(row) for row in rows if not whole or _is_whole(row)]


async def _lock(connection: AsyncConnection, schedule: str) -> str:
    """Lock the schedule and return its overlap rule; whoever begins or adds runs of it waits for each other."""
    query = select(schedules.c.overlap).where(schedules.c.id == schedule).with_for_update()
    return str((await connection.execute(query)).scalar_one())


async def free_instant(connection: AsyncConnection, schedule: str, now: datetime) -> datetime:
    """The first instant from now on that no row has and that is no whole second, which no beat has written."""
    at = now if now.microsecond else now + MICRO
    near = and_(runs.c.schedule == schedule, runs.c.due_at >= at, runs.c.due_at < at + 1000 * MICRO)
    last: datetime | None = (await connection.execute(select(func.max(runs.c.due_at)).where(near))).scalar()
    return at if last is None else last + MICRO


def is_time(now: datetime) -> ColumnElement[bool]:
    return or_(runs.c.again_at.is_(None), runs.c.again_at <= now)


def of_try(run: Run) -> ColumnElement[bool]:
    """The condition that this try of the run is under way."""
    return and_(runs.c.id == run.id, runs.c.tries == run.tries, runs.c.status == "running")


def own_share(run: Run, owner: str, real: datetime, lease: timedelta) -> dict[str, Any]:
    """The row of a worker that begins to work on a run."""
    of = {"run": run.id, "tries": run.tries, "owner": owner}
    return {**of, "begun_at": real, "lease_until": real + lease, "counts": {}}


def failures_json(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    return [
        {"at": instant_text(one.at), "error": kept_text(one.error), **({} if one.part is None else {"part": one.part})}
        for one in failures
    ]


def _open(schedule: str) -> ColumnElement[bool]:
    return and_(runs.c.schedule == schedule, runs.c.status.in_(OPEN))


def _is_whole(row: Found) -> bool:
    beside = all(isinstance(row[name], int) for name in ("batch", "retries"))
    spans = isinstance(span(row["timeout_s"]), timedelta) and isinstance(span(row["recheck_s"] or 0), timedelta)
    at = row["next_run_at"]
    return whole(runs, row) and beside and spans and (at is None or isinstance(at, datetime))


def _run(row: Found) -> Run:
    names = {field.name for field in dataclasses.fields(Run)} - {"recheck", "timeout", "helps_since"}
    recheck, timeout = span(row["recheck_s"]), span(row["timeout_s"])
    values = {**{name: row[name] for name in names}, "failures": failures_of(row["failures"])}
    values["parts"] = _parts_of(row)
    if isinstance(row["counts"], Unreadable):
        values["counts"] = {}
    return Run(**values, recheck=recheck, timeout=timeout)


def _parts_of(row: Found) -> tuple[PartStatus, ...]:
    """What became of each target. Where somebody wrote something else there, none has begun."""
    parts, targets = row["parts"], row["target"]
    fit = not isinstance(parts, Unreadable) and isinstance(targets, str) and len(parts) == len(split(targets))
    return tuple(parts) if fit and set(parts) <= set(get_args(PartStatus)) else ()


def failures_of(stored: Any) -> tuple[Failure, ...]:
    """The tries that broke off; none where somebody wrote something else there."""
    try:
        return tuple(
            Failure(datetime.fromisoformat(one["at"]), said_in(one["error"]), one.get("part")) for one in stored
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()
