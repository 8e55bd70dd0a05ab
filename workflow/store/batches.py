"""Writes the commits of many cases in one transaction and a few statements, and says which of them held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Fenced, NotFound
from workflow.record.database import again
from workflow.record.events import Event
from workflow.record.tables import cases, events
from workflow.record.values import Claim, Commit
from workflow.store import related_rows
from workflow.store.changes import change_of, closes_run, guarded, write_many
from workflow.store.claims import Claims
from workflow.store.commits import locked, refuse, same_row
from workflow.store.seals import examine

Pair = tuple[Claim, Commit]


@dataclass(frozen=True)
class Prepared:
    """A commit that is ready to be written together with others."""

    claim: Claim
    commit: Commit
    events: tuple[Event, ...]
    change: dict[str, Any]


class Batches(Claims):
    """Writes moves and waits of many cases."""

    async def commit_many(self, pairs: Sequence[Pair], *, now: datetime, real: datetime) -> set[str]:
        """The cases whose commit held. The others were fenced, or could not be written and now have an incident."""
        if not pairs:
            return set()
        together = [pair for pair in pairs if goes_together(pair[1])]
        alone = [pair for pair in pairs if not goes_together(pair[1])]
        shown: list[tuple[str, dict[str, Any]]] = []

        async def work(connection: AsyncConnection) -> set[str]:
            shown.clear()
            held, rest = await self._together(connection, together, now)
            for claim, commit in [*rest, *alone]:
                if await self._alone(connection, claim, commit, now, real):
                    held.add(claim.case)
            if held:
                shown.extend(await _rows(connection, held))
            return held

        async def stands(connection: AsyncConnection, held: set[str]) -> bool:
            # it is one transaction: where one of its rows or events is there, all are
            for case, row in shown:
                query = select(events.c.hash).where(events.c.case == case, events.c.seq == row["seq"])
                if same_row(await locked(connection, case), row):
                    return True
                if case in wrote and (await connection.execute(query)).scalar() == row["head"]:
                    return True
            return not held

        wrote = {claim.case for claim, commit in pairs if commit.entries}
        return await self.writing(work, stands)

    async def _together(
        self, connection: AsyncConnection, pairs: Sequence[Pair], now: datetime
    ) -> tuple[set[str], list[Pair]]:
        """The cases whose commit held, and the commits that must be written one by one because the batch failed."""
        ready: list[Prepared] = []
        rest: list[Pair] = []
        for claim, commit in pairs:
            try:
                ready.append(self._prepared(claim, commit, now))
            except (ValueError, TypeError):
                rest.append((claim, commit))
        if not ready:
            return set(), rest
        try:
            async with connection.begin_nested():
                return await self._write(connection, ready, now), rest
        except StatementError as error:
            if again(error):
                raise
            return set(), list(pairs)

    def _prepared(self, claim: Claim, commit: Commit, now: datetime) -> Prepared:
        written = self.events_of(claim, commit, commit.entries, now)
        return Prepared(claim, commit, written, change_of(claim, commit, written, now) | guarded(claim, commit))

    async def _write(self, connection: AsyncConnection, ready: Sequence[Prepared], now: datetime) -> set[str]:
        await examine(connection, cases, cases.c.id.in_([one.claim.case for one in ready]))
        held = await write_many(connection, [one.change for one in ready])
        ready = [one for one in ready if one.claim.case in held]
        await related_rows.write_events(connection, [event for one in ready for event in one.events])
        told = [
            (one.claim.case, one.claim.round if one.commit.round is None else one.commit.round, message)
            for one in ready
            for message in one.commit.messages
        ]
        await related_rows.write_messages(connection, told, now)
        ended = [
            (one.claim.case, one.claim.check)
            for one in ready
            if one.claim.check is not None and closes_run(one.claim.check, one.commit)
        ]
        await related_rows.close_runs(connection, ended)
        return held

    async def _alone(
        self, connection: AsyncConnection, claim: Claim, commit: Commit, now: datetime, real: datetime
    ) -> bool:
        try:
            async with connection.begin_nested():
                row = await locked(connection, claim.case)
                refuse(claim, commit, row)
                await self.apply(connection, row, commit, claim, now=now, real=real)
                return True
        except (Fenced, NotFound):
            return False
        except (StatementError, ValueError, TypeError) as error:
            if again(error):
                raise
            await self.set_apart(connection, await locked(connection, claim.case), "unrecordable", error, now)
            return False


def goes_together(commit: Commit) -> bool:
    """Whether the commit rests on the claimed row alone, so that one guarded statement can write it."""
    beside = commit.effects or commit.new_incidents or commit.close or commit.wipe or commit.wakes or commit.nudge
    if beside or commit.seat is not None:
        return False
    quiet = not commit.entries and commit.data is None and commit.decision == "leave"
    return commit.guard == "version" or (commit.guard == "epoch" and quiet)


async def _rows(connection: AsyncConnection, held: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """A few of the written rows, to check after a lost reply whether the batch held."""
    query = select(cases).where(cases.c.id.in_(sorted(held)[:3]))
    return [(row["id"], dict(row)) for row in (await connection.execute(query)).mappings()]
