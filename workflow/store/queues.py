"""Cases and runs that wait in a queue which no remote or job names any more, and their way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, false, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.queues import DEFAULT_QUEUE
from workflow.record.schedule_tables import runs
from workflow.record.tables import cases, live
from workflow.schedules.run import Run
from workflow.store.seals import examine
from workflow.store.transactions import Transactions


class Queues(Transactions):
    """What a remote whose queue was given another name left behind in the old one."""

    async def take_back(self, of_flow: Mapping[str, Sequence[str]]) -> int:
        """Puts cases where a look hands them to the queue that they need; how many.

        of_flow: by flow, the queues in which its cases may stand. Cases of other flows are left alone.
        """
        left = or_(false(), *(and_(cases.c.flow == flow, cases.c.queue.notin_(q)) for flow, q in of_flow.items()))

        async def work(connection: AsyncConnection) -> int:
            found = await examine(connection, cases, live, left)
            moved = await connection.execute(update(cases).where(found).values(queue=DEFAULT_QUEUE))
            return moved.rowcount

        return await self.writing(work)

    async def move_run(self, run: Run, queue: str) -> bool:
        """Whether it waited, and now waits in another queue."""

        async def work(connection: AsyncConnection) -> bool:
            same = and_(runs.c.id == run.id, runs.c.status == "pending", runs.c.queue == run.queue)
            return bool((await connection.execute(update(runs).where(same).values(queue=queue))).rowcount)

        return await self.writing(work)
