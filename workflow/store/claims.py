"""Leases cases to workers, renews the leases, and checks them before a step that cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Fenced
from workflow.record.schedule_tables import clock
from workflow.record.tables import accounts, cases, claimable, effects
from workflow.record.values import Claim, EffectStatus, Epoch, Json, Seat
from workflow.sentence import Sentence
from workflow.store import related_rows
from workflow.store.accounts import takes_cases
from workflow.store.commits import Commits
from workflow.store.rows import claim_of, epoch_of
from workflow.store.seals import examine, examined
from workflow.store.seats import least_loaded

PUSH = timedelta(minutes=1)
"""After a worker died on a case, the case is due this much later; each further death doubles it, up to an hour."""

_TIMELINE = select(clock.c.timeline).scalar_subquery()


class Claims(Commits):
    """Claims, their renewal, the gate, and testimony."""

    async def claim(
        self,
        *,
        flow: str,
        state: str | Sequence[str],
        cutoff: datetime,
        real: datetime,
        lease: timedelta,
        limit: int,
        owner: str,
        queue: str,
        seat: Seat | None = None,
        assign: bool = False,
        only: str | None = None,
        after: str | None = None,
        crashed: bool = False,
        version: int | None = None,
    ) -> list[Claim]:
        """Lease up to limit cases that are due by the cutoff (business time). The leases run in real time.

        seat: cases of this account alone; assign: also cases without an account, which get this one. only: the name of
        a line: cases are taken by id after `after`, whatever their queue and due time, but for failed ones that are not
        due. crashed: only one case, whose worker died on it; such cases are left to such claims. version: cases of
        newer flows are not taken.
        """
        states = [state] if isinstance(state, str) else list(state)
        wanted = and_(
            claimable,
            cases.c.flow == flow,
            cases.c.state == states[0] if len(states) == 1 else cases.c.state.in_(states),
            *([cases.c.queue == queue] if only is None else []),
            or_(cases.c.lease_until.is_(None), cases.c.lease_until <= real),
            # a case whose worker died is met by either kind of claim, and pushed back
            or_(cases.c.crash_count > 0 if crashed else cases.c.crash_count == 0, cases.c.lease_until.isnot(None)),
            *([cases.c.flow_version <= version] if version is not None else []),
            *([cases.c.due_at <= cutoff] if only is None else [cases.c.id > (after or ""), _is_well(cutoff)]),
            *([_of(seat, real, assign)] if seat is not None else []),
        )
        order = (cases.c.due_at, cases.c.id) if only is None else (cases.c.id,)
        due = select(cases.c.id, cases.c.lease_until.label("was"), cases.c.account.label("had"))
        due = due.where(wanted).order_by(*order)
        taken = {"owner": owner, "lease_until": real + lease, "account": seat.account if seat else None}

        async def work(connection: AsyncConnection) -> list[Claim]:
            while True:
                rows = await self._take(connection, due.limit(1 if crashed else limit), taken)
                dead = [row for row in rows if row["was"] is not None]
                for row in rows:
                    if row["was"] is not None or row["account"] != row["had"]:  # a claim writes more than a lease
                        examined(connection, cases, {**row, "account": row["had"]}, typed=True)
                await self._put_aside(connection, dead, None if only else cutoff)
                mine = [row for row in rows if row["was"] is None]
                if mine or not dead or only:
                    return await self._claims(connection, mine, seat, only, cutoff)

        async def held(connection: AsyncConnection, claims: list[Claim]) -> bool:
            # without claims nothing was leased, and cases that were pushed back are not met again
            mine = or_(
                *(and_(cases.c.id == one.case, cases.c.owner == owner, *_at(cases.c, one.epoch)) for one in claims)
            )
            found = (await connection.execute(select(cases.c.id).where(mine))).scalars() if claims else ()
            return len(list(found)) == len(claims) > 0

        return await self.writing(work, held)

    async def _take(self, connection: AsyncConnection, due: Select[Any], taken: dict[str, Any]) -> list[dict[str, Any]]:
        """Lease the due rows; returns each with the lease and the account that it had before."""
        new = {
            "owner": taken["owner"],
            "lease_until": taken["lease_until"],
            "epoch_timeline": _TIMELINE,
            "epoch_number": cases.c.epoch_number + 1,
        } | ({"account": func.coalesce(cases.c.account, taken["account"])} if taken["account"] else {})
        if self.sqlite:
            was = {row.id: {"was": row.was, "had": row.had} for row in await connection.execute(due)}
            statement = update(cases).where(cases.c.id.in_(list(was))).values(**new).returning(cases)
            found = (await connection.execute(statement)).mappings() if was else ()
            rows = [{**row, **was[row["id"]]} for row in found]
        else:
            ours = due.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED")
            leased = update(cases).where(cases.c.id == ours.c.id).values(**new).returning(cases, ours.c.was, ours.c.had)
            rows = [dict(row) for row in (await connection.execute(leased)).mappings()]
        return rows

    async def _put_aside(
        self, connection: AsyncConnection, dead: Sequence[dict[str, Any]], cutoff: datetime | None
    ) -> None:
        """Push back a case whose lease ran out without being given back: its worker died on it."""
        if not dead:
            return
        aside = (
            update(cases)
            .where(cases.c.id == bindparam("case"))
            .values(owner=None, lease_until=None, crash_count=cases.c.crash_count + 1, due_at=bindparam("later"))
        )
        await connection.execute(
            aside,
            [
                {
                    "case": row["id"],
                    "later": cutoff + min(PUSH * 2 ** min(row["crash_count"], 6), timedelta(hours=1))
                    if cutoff
                    else row["due_at"],
                }
                for row in dead
            ],
        )

    async def _claims(
        self,
        connection: AsyncConnection,
        rows: list[dict[str, Any]],
        seat: Seat | None,
        only: str | None,
        now: datetime,
    ) -> list[Claim]:
        if not rows:
            return []
        rows.sort(key=lambda row: row["id"] if only else (row["due_at"], row["id"]))
        found = await related_rows.beside(connection, rows)
        claims = []
        for row in rows:
            try:
                claims.append(claim_of(row, found[row["id"]], seat=seat, only=only))
            except (ValueError, TypeError, KeyError) as error:
                await self.set_apart(connection, row, "unreadable", error, now)
        return claims

    async def renew(self, claims: Sequence[Claim], *, real: datetime, until: datetime) -> set[str]:
        """Renew, in one statement, the leases that are still this worker's; returns their cases."""
        ours = {claim.case: claim for claim in claims}
        if not ours:
            return set()
        held = [
            and_(cases.c.id == case, cases.c.owner == claim.owner, *_at(cases.c, claim.epoch))
            for case, claim in ours.items()
        ]

        async def work(connection: AsyncConnection) -> set[str]:
            statement = update(cases).where(or_(*held), cases.c.lease_until > real).values(lease_until=until)
            return set((await connection.execute(statement.returning(cases.c.id))).scalars())

        return await self.writing(work)

    async def gate(self, claim: Claim, *, real: datetime) -> datetime:
        """Read again until when the leases of the case and its seat last; returns the earlier end. Raises Fenced."""
        async with self.reading() as connection:
            row = (await connection.execute(select(cases).where(cases.c.id == claim.case))).mappings().one()
            seat = claim.seat
            account = (
                (await connection.execute(select(accounts).where(accounts.c.id == seat.account))).mappings().one()
                if seat
                else None
            )
        until: datetime | None = row["lease_until"]
        if row["owner"] != claim.owner or epoch_of(row) != claim.epoch or until is None or until <= real:
            raise Fenced(claim.number, Sentence("lease_over", "the lease of {owner} is over", owner=claim.owner))
        if seat is None or account is None:
            return until
        seated: datetime | None = account["lease_until"]
        if account["owner"] != seat.owner or epoch_of(account) != seat.epoch or seated is None or seated <= real:
            raise Fenced(
                claim.number,
                Sentence(
                    "lease_of_account_over",
                    "the lease of {owner} on account {login} is over",
                    owner=seat.owner,
                    login=seat.login,
                ),
            )
        return min(until, seated)

    async def testify(self, claim: Claim, effect_key: str, testimony: Json) -> None:
        """Store a definite answer that came too late for an outcome in the effect's row, where reconcile reads it.

        A done always counts; not sent and refused only while the row is still at the try whose answer it is.
        """
        row = and_(effects.c.case == claim.case, effects.c.key == effect_key)

        async def work(connection: AsyncConnection) -> None:
            # the case is locked first, as in every commit: another order of locks could deadlock
            await examine(connection, cases, cases.c.id == claim.case)
            await examine(connection, effects, row)
            found = (await connection.execute(select(effects).where(row).with_for_update())).mappings().first()
            if found is None:
                return
            kept = found["testimony"] or {}
            same = (found["attempt"], epoch_of(found)) == (testimony["attempt"], Epoch(*testimony["epoch"]))
            if testimony["status"] == EffectStatus.done or (same and kept.get("status") != EffectStatus.done):
                await connection.execute(update(effects).where(row).values(testimony=dict(testimony)))

        await self.writing(work)


def _at(columns: Any, epoch: Epoch) -> tuple[ColumnElement[bool], ...]:
    return (columns.epoch_timeline == epoch.timeline, columns.epoch_number == epoch.number)


def _of(seat: Seat, real: datetime, assign: bool) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = cases.c.account == seat.account
    if not assign:
        return mine
    # while another account is free and has fewer, a new case waits for that one
    may_take = exists().where(accounts.c.id == seat.account, takes_cases(accounts), least_loaded(accounts, real))
    return or_(mine, and_(cases.c.account.is_(None), may_take))


def _is_well(cutoff: datetime) -> ColumnElement[bool]:
    """The condition that a case has not failed, or that its next try is due."""
    return or_(cases.c.failures == 0, cases.c.due_at <= cutoff)
