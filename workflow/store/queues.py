"""Cases and runs that wait in a queue which no remote or job names any more, and their way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.queues import DEFAULT_QUEUE
from workflow.record.schedule_tables import runs
from workflow.record.tables import accounts, cases, live
from workflow.schedules.run import Run
from workflow.store.seals import examine
from workflow.store.transactions import Transactions


class Queues(Transactions):
    """What a remote whose queue was given another name, or whose place another took, left behind."""

    async def take_back(self, of_flow: Mapping[str, Sequence[str]], entered: Mapping[tuple[str, str], str]) -> int:
        """Puts cases where a look hands them to the queue and the account that they need; how many.

        of_flow: by flow, the queues in which its cases may stand. entered: see Remotes.seats; a case with an account of
        another remote waits in vain in a queue of seats. Cases of other flows are left alone, and so is an account's
        own case.
        """
        left = or_(
            *(and_(cases.c.flow == flow, cases.c.queue.notin_(queues)) for flow, queues in of_flow.items()),
            and_(cases.c.queue != DEFAULT_QUEUE, _of_another(entered)),
        )
        async with self.reading() as connection:
            found = (await connection.execute(select(cases.c.id).where(live, left))).scalars().all()
        if not found:
            return 0

        async def work(connection: AsyncConnection) -> int:
            these = await examine(connection, cases, cases.c.id.in_(found), live, left)
            moved = await connection.execute(update(cases).where(these).values(queue=DEFAULT_QUEUE, deferred=None))
            return moved.rowcount

        return await self.writing(work)

    async def move_run(self, run: Run, queue: str) -> bool:
        """Whether it waited, and now waits in another queue."""

        async def work(connection: AsyncConnection) -> bool:
            same = and_(runs.c.id == run.id, runs.c.status == "pending", runs.c.queue == run.queue)
            return bool((await connection.execute(update(runs).where(same).values(queue=queue))).rowcount)

        return await self.writing(work)


def _of_another(entered: Mapping[tuple[str, str], str]) -> ColumnElement[bool]:
    """The condition that a case has an account of another remote than its state works on."""
    states: dict[tuple[str, str], list[str]] = {}
    for (flow, state), remote in entered.items():
        states.setdefault((flow, remote), []).append(state)
    return exists().where(
        accounts.c.id == cases.c.account,
        accounts.c.case.is_distinct_from(cases.c.id),
        or_(
            false(),
            *(
                and_(cases.c.flow == flow, cases.c.state.in_(names), accounts.c.adapter != remote)
                for (flow, remote), names in states.items()
            ),
        ),
    )
