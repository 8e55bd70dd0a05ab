"""Reads outages from the tables; an outage is over as soon as the rows that show it are well again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, false, func, literal, or_, select, type_coerce

from workflow.record.schedule_tables import runs, schedules
from workflow.record.tables import accounts, cases, claimable
from workflow.schedules.outages import (
    HELD_FOR,
    UNSET_FOR,
    UNSET_LOOKS,
    UNTAKEN_FOR,
    WAITED,
    Outage,
    dying,
    silent,
)
from workflow.schedules.run import Heartbeat
from workflow.sentence import Quote
from workflow.store.accounts import takes_cases
from workflow.store.heartbeats import Heartbeats
from workflow.store.waits import WAITS

Entered = Mapping[tuple[str, str], str]
"""By flow and state, the remote on whose accounts its cases work there; see Remotes.seats."""


class Outages(Heartbeats):
    """Outages: troubles of the installation, of which no single case can tell."""

    async def outages(
        self, *, real: datetime, now: datetime, seated: Mapping[str, Sequence[str]], entered: Entered
    ) -> list[Outage]:
        """All outages that a person should hear of now.

        seated: by flow, the queues in which it works on accounts. entered: on whose accounts.
        """
        seen = await self.heartbeats()
        living = [one for one in seen if one.is_alive(real)]
        return [
            *await self._unserved(living, real, now),
            *await self._unbeaten(living, seen, now),
            *dying(seen, real),
            *await self._unset(living, now),
            *silent(await self.health(), now),
            *await self._held(real),
            *await self._untaken(now, seated, entered),
        ]

    async def _unserved(self, living: list[Heartbeat], real: datetime, now: datetime) -> list[Outage]:
        """Queues with runs that no living worker serves."""
        served = {queue for one in living for queue in one.queues}
        waits = runs.c.status == "pending", or_(runs.c.again_at.is_(None), runs.c.again_at <= now)
        query = select(runs.c.queue, func.min(runs.c.made_at), func.count()).join_from(runs, schedules)
        query = query.where(*waits, ~WAITS)
        async with self.reading() as connection:
            found = (await connection.execute(query.group_by(runs.c.queue).order_by(runs.c.queue))).all()
        return [
            Outage("queue_unserved", queue, _or(since, real), count)
            for queue, since, count in found
            if queue not in served and real - _or(since, real - WAITED) >= WAITED
        ]

    async def _unbeaten(self, living: list[Heartbeat], seen: list[Heartbeat], now: datetime) -> list[Outage]:
        """Schedules whose instants no living beat notices."""
        if any(one.kind == "beat" for one in living):
            return []
        s = schedules.c
        late = s.deleted_at.is_(None), s.enabled, s.next_run_at <= now - WAITED
        idle = or_(s.paused_until.is_(None), s.paused_until <= now)
        query = select(func.count(), func.min(s.next_run_at)).where(*late, idle)
        async with self.reading() as connection:
            count, since = (await connection.execute(query)).one()
        last = next((one.process for one in seen if one.kind == "beat"), "")
        return [Outage("beat_missing", "beat", _or(since, now), count, Quote(last))] if count else []

    async def _unset(self, living: list[Heartbeat], now: datetime) -> list[Outage]:
        """Settings that a living worker started without while cases wait for them.

        It is over when that worker starts anew.
        """
        lacking = {name: one.process for one in living for name in one.lacks}
        found = []
        for name, process in sorted(lacking.items()):
            since, looks, count = await self._waits_for(name, now)
            if count and (looks >= UNSET_LOOKS or now - since >= UNSET_FOR):
                found.append(Outage("setting_missing", name, since, count, Quote(process)))
        return found

    async def _waits_for(self, setting: str, now: datetime) -> tuple[datetime, int, int]:
        """The cases whose last look missed a setting: since when, after how many looks, and how many they are."""
        c, told = cases.c, type_coerce(cases.c.check_body, Text)
        here = told.contains(literal('"state":"').concat(c.state).concat('"'))
        waits = claimable, told.contains('"settings":['), told.contains(f'"{setting}"', autoescape=True), here
        query = select(func.min(c.check_first), func.max(c.check_count), func.count()).where(*waits)
        async with self.reading() as connection:
            since, looks, count = (await connection.execute(query)).one()
        return _or(since, now), looks if isinstance(looks, int) else 0, count

    async def _held(self, real: datetime) -> list[Outage]:
        """Accounts whose seat one living holder keeps without getting on."""
        a = accounts.c
        held = a.lease_until > real, a.leased_at <= real - HELD_FOR
        query = select(a.login, a.leased_at, a.owner).where(*held).order_by(a.login)
        async with self.reading() as connection:
            found = (await connection.execute(query)).all()
        return [Outage("seat_held", login, _or(since, real), 1, Quote(owner or "")) for login, since, owner in found]

    async def _untaken(self, now: datetime, seated: Mapping[str, Sequence[str]], entered: Entered) -> list[Outage]:
        """Cases that wait for an account while no account of their remote can take any."""
        c = cases.c
        there = or_(false(), *(and_(c.flow == flow, c.queue.in_(queues)) for flow, queues in seated.items()))
        waits = claimable, there, c.account.is_(None), c.due_at <= now - UNTAKEN_FOR
        query = select(c.flow, c.state, func.min(c.due_at), func.count()).where(*waits).group_by(c.flow, c.state)
        usable = select(accounts.c.adapter).where(takes_cases(accounts)).distinct()
        async with self.reading() as connection:
            waiting = (await connection.execute(query)).all()
            able = set((await connection.execute(usable)).scalars()) if waiting else set()
        found = dict[str, tuple[datetime, int]]()
        for flow, state, since, count in waiting:
            remote = entered.get((flow, state))
            if remote is not None and remote not in able:
                earliest, so_far = found.get(remote, (_or(since, now), 0))
                found[remote] = min(earliest, _or(since, now)), so_far + count
        return [Outage("account_missing", about, *told) for about, told in sorted(found.items())]


def _or(since: Any, then: datetime) -> datetime:
    """The value, or this other one where somebody put something else in place of a time."""
    return since if isinstance(since, datetime) else then
