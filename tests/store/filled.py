"""A record in which everything stands twice: once about `odd`, and once about `sound`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tests.schedules.office import definition
from tests.store.desk import LEASE, START, Desk, decided, effect
from workflow.record.database import open_database
from workflow.record.schedule_tables import clock_jumps
from workflow.record.values import Check, Claim, Commit, Entry, Message, NewIncident
from workflow.record.vault import Vault
from workflow.schedules.due_instants import Row
from workflow.sentence import Quote
from workflow.store import Store
from workflow.store.documents import DocumentStore

LATER = START + timedelta(hours=1)
REAL = START + timedelta(days=1000)


async def fill(store: Store, papers: DocumentStore, name: str) -> None:
    desk = Desk(store)
    account = await store.add_account("portal", name, "pass")
    (case,) = await desk.open(subject=name, account=account)
    claim = await desk.commit(claim := await claimed(desk, case.case), decided(claim))
    trouble = NewIncident(name, name, {"why": name}, bars=False)
    told = tuple(Message(f"notice-{n}", name, "138", name) for n in range(3))
    done = Commit(
        guard="decision", decision="clear", effects=(effect(claim, key=name, result={"by": name}),), messages=told,
        new_incidents=(trouble,), entries=(Entry("noted", {"text": name}, "worker:one"),), due_at=START, release=True,
        check=Check("first", START, START, 1, {"why": "guards"}),
    )  # fmt: skip
    await desk.commit(claim, done)
    claim = await claimed(desk, case.case)
    again = Check("second", START, START, 1, {"why": "guards", "first": name})
    await desk.commit(claim, Commit(guard="epoch", check=again, due_at=START, release=True))
    await store.put_code(case.case, name, 0, "123456", now=START)
    await papers.put(name.encode(), name=name, media_type="text/plain", case=case.case, kind="x", now=START)
    await store.give_back("one")
    taken = await store.due_messages(9, owner=name, now=START, real=REAL, lease=LEASE)
    sent, _, *others = sorted(taken, key=lambda one: one.recipient != name)
    await store.message_sent(sent.id, now=START, number=name, receipt_at=START)
    for one in others:
        await store.message_failed(one.id, Quote("not yet"), now=START, again_at=START)
    await store.heartbeat(name, "worker", queues=["http"], doing={"runs": 1}, real=REAL)
    for n in range(8):
        await store.note_health(name, "down", Quote("so"), latency_ms=1, now=START + timedelta(minutes=10 * n))
    seat = await store.lease_seat(
        "portal", owner=name, real=REAL + timedelta(seconds=name == "sound"), lease=LEASE, cutoff=START, account=account
    )
    assert seat is not None
    await store.release_seat(await store.store_session(seat, {"cookie": name}, now=START), clean=True)
    schedule = await store.add_schedule(
        definition(name=name), actor="person:clerk", reason=None, now=START, next_run_at=START
    )
    for minute in range(2):
        rows = [Row(START + timedelta(minutes=minute), START + timedelta(minutes=minute))]
        await store.win(schedule, rows, next_run_at=START, queue="http", actor="x", real=REAL - timedelta(hours=1))
        (run,) = [one for one in await store.pending(["http"], 9, now=START) if one.name == name]
        begun = await store.begin(run, owner=name, real=REAL, lease=LEASE)
        assert begun is not None
        await store.finish(begun, {"moved": 1}, real=REAL, error=Quote(name) if minute else None)
    await store.run_now(schedule, actor="x", reason=None, queue="http", now=LATER, real=REAL - timedelta(hours=1))
    async with store.engine.begin() as connection:
        jump = {"expected": START, "found": START, "process": name, "put_right": {"leases": 1}}
        await connection.execute(clock_jumps.insert().values(**jump))


async def claimed(desk: Desk, case: str) -> Claim:
    return next(claim for claim in await desk.claim() if claim.case == case)


@asynccontextmanager
async def opened(path: Path, vault: Vault) -> AsyncIterator[Store]:
    engine = open_database(f"sqlite:///{path}")
    try:
        yield Store(engine, vault, "test")
    finally:
        await engine.dispose()
