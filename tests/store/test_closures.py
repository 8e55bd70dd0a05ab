"""Cases that found a remote closed: those of the remotes that are named are woken, and no others."""

from __future__ import annotations

from datetime import timedelta

from tests.store.desk import Desk
from workflow.record.values import Check, Commit


async def test_those_that_found_a_named_remote_closed_are_woken_and_no_others(desk: Desk) -> None:
    """A calendar that only schedules keep names no remote, and woke all of them."""
    (created,) = await desk.open()
    later, body = desk.now + timedelta(hours=9), {"why": "closed", "state": "unprocessed", "remote": "portal"}
    await desk.command(
        created.case, Commit(guard="version", due_at=later, check=Check("digest", desk.now, desk.now, 1, body))
    )
    sooner = desk.now + timedelta(hours=1)
    assert await desk.store.wake_closed([], sooner) == 0
    assert await desk.store.wake_closed(["sms"], sooner) == 0
    assert (await desk.store.case(created.case)).due_at == later
    (look,) = await desk.store.next_looks([("copyright", "unprocessed")], [])
    assert not look.closed
    assert await desk.store.wake_closed(["portal"], sooner) == 1
    assert (await desk.store.case(created.case)).due_at == sooner
