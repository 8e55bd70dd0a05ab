"""A row that another hand edited: every column of every table, every kind of odd value, and what goes by it.

On SQLite, which keeps whatever is put into a column; PostgreSQL refuses most of it.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, text

from tests.store.desk import LEASE, START, Desk, moved
from tests.store.filled import LATER, REAL, fill, opened
from workflow.record.columns import Instant, Json, Switch
from workflow.record.migrations import migrate
from workflow.record.schedule_tables import clock_jumps, health, heartbeats, runs, schedule_versions, schedules
from workflow.record.tables import accounts, cases, checks, documents, effects, events, incidents, messages, secrets
from workflow.record.vault import Vault
from workflow.store import Store
from workflow.store.documents import DocumentStore

LAST = "9999-12-31T23:59:59.999999Z"
TIMES = ("soon", b"\xff", LAST, "9999-12-31T23:59:59.999999-23:59")
JSONS = ("5", "[1]", '"x"', "{}", b"\xff")
NUMBERS = ("many", b"\xff", 10**14)
WORDS = (b"\xff",)
BYTES = ("soon", 7)
ODD: dict[type, tuple[Any, ...]] = {
    Instant: TIMES, Json: JSONS, Integer: NUMBERS, LargeBinary: BYTES,
    Boolean: ("yes", b"\xff"), Switch: ("yes", b"\xff"),
}  # fmt: skip
READ = (
    accounts, cases, checks, clock_jumps, runs, documents, effects, events,
    health, heartbeats, incidents, messages, schedule_versions, schedules, secrets,
)  # fmt: skip
WORKED_ON = (accounts, cases, checks, runs, effects, incidents, messages, schedules, secrets)
Read = Callable[[Store], Awaitable[Any]]


def columns(table: Table) -> list[Column[Any]]:
    """Those that hold no other row's key."""
    return [column for column in table.c if not column.primary_key and not column.foreign_keys]


def values(column: Column[Any]) -> tuple[Any, ...]:
    return next((odd for kind, odd in ODD.items() if isinstance(column.type, kind)), WORDS)


def tries(table: Table, *, all_values: bool) -> Iterator[tuple[Column[Any], Sequence[Any]]]:
    """Each column with its odd values, or with one of them, another one for the next column."""
    for place, column in enumerate(columns(table)):
        odd = values(column)
        yield column, odd if all_values else (odd[place % len(odd)],)


async def fill_in(folder: Path, vault: Vault) -> Path:
    """A record in which everything stands twice: once about `odd`, and once about `sound`."""
    async with opened(folder / "caseward.db", vault) as store:
        await migrate(store.engine)
        for name in ("odd", "sound"):
            await fill(store, DocumentStore(store.engine, vault, folder), name)
    return folder / "caseward.db"


async def each(store: Store, one: Callable[[str], Awaitable[Any]]) -> list[Any]:
    """What is asked of one case is asked of the sound one."""
    async with store.engine.connect() as connection:
        sound = (await connection.execute(text("SELECT id FROM cases WHERE subject = 'sound'"))).scalar_one()
    return [await one(sound)]


async def looked_at(store: Store) -> list[Any]:
    return ["sound", *[one async for page in store.looked_at(LATER, real=REAL) for one in page]]


READS: dict[str, Read] = {
    "cases": lambda store: store.cases(),
    "case": lambda store: each(store, store.case),
    "events": lambda store: each(store, store.events),
    "checks": lambda store: each(store, store.checks),
    "incidents": lambda store: store.incidents(),
    "accounts": lambda store: store.accounts(),
    "messages": lambda store: each(store, store.messages_of),
    "sent": lambda store: store.sent_messages(),
    "forsaken": lambda store: store.forsaken_messages(real=REAL + timedelta(days=1)),
    "receipts": lambda store: store.receipts_due(50, now=LATER),
    "heartbeats": lambda store: store.heartbeats(),
    "health": lambda store: store.health(),
    "health history": lambda store: store.health_history("sound"),
    "jumps": lambda store: store.clock_jumps(),
    "schedules": lambda store: store.schedules(),
    "versions": lambda store: _versions(store),
    "runs": lambda store: store.runs(),
    "pending": lambda store: store.pending(["http"], 50, now=LATER),
    "outages": lambda store: store.outages(
        real=REAL + timedelta(days=1), now=LATER + timedelta(minutes=30), seated={}, entered={}
    ),
    "looked at": looked_at,
}
ANY: dict[str, Read] = {
    "counts": lambda store: store.counts(),
    "due": lambda store: store.due("copyright", ["unprocessed"], queues=["http", "browser"], cutoff=LATER, real=REAL),
    "next due": lambda store: store.next_due(real=REAL),
    "leased": lambda store: store.anything_leased(REAL),
    "states": lambda store: store.live_states(),
    "decisions": lambda store: store.live_decisions(),
    "unsent": lambda store: store.unsent(),
    "waiting by channel": lambda store: store.waiting_by_channel(),
    "failing": lambda store: store.failing(REAL + timedelta(days=1)),
    "next instant": lambda store: store.next_instant(),
    "marks": lambda store: store.clock_marks(),
    "lived": lambda store: store.lived(REAL),
    "open": lambda store: store.any_open(),
    "to send": lambda store: store.to_send(REAL, LATER),
    "lost": lambda store: store.lose_dead(REAL),
    "would take": lambda store: store.would_take("copyright", ["unprocessed"], cutoff=LATER, limit=9),
    "told": lambda store: store.told_since("odd", START),
    "of no case": lambda store: store.of_no_case(),
    "newest anchor": lambda store: store.newest_anchor(),
}
"""What gives no rows: it comes to an end."""


async def _versions(store: Store) -> Any:
    return await store.schedule_versions((await store.schedule("sound")).id)


async def hidden_by(filled: Path, folder: Path, vault: Vault, table: Table, *, all_values: bool) -> list[str]:
    """Where a value that cannot be read ends a question, or hides the sound one."""
    shutil.copy(filled, folder / "caseward.db")
    wrong: list[str] = []
    async with opened(folder / "caseward.db", vault) as store:
        for read in (READS | ANY).values():
            await read(store)
        for column, odd in tries(table, all_values=all_values):
            async for value in put_each(store, table, column, odd):
                for name, read in (READS | ANY).items():
                    try:
                        found = repr(await read(store))
                        if name in READS and "sound" not in found:
                            wrong.append(f"{column} = {value!r}: {name} hides the sound one")
                    except Exception as error:  # noqa: BLE001 - all of them are told together
                        wrong.append(f"{column} = {value!r}: {name} raises {error!r:.200}")
    return wrong


async def stopped_by(filled: Path, folder: Path, vault: Vault, table: Table, *, all_values: bool) -> list[str]:
    """Where a value that cannot be read keeps somebody from the sound one."""
    wrong: list[str] = []
    for column, odd in tries(table, all_values=all_values):
        for value in odd:
            path = Path(shutil.copy(filled, folder / "worked-on.db"))
            async with opened(path, vault) as store:
                async for _ in put_each(store, table, column, (value,)):
                    for work in (claims, seats, notices, run_what_waits):
                        try:
                            await work(store)
                        except Exception as error:  # noqa: BLE001 - all of them are told together
                            wrong.append(f"{column} = {value!r}: {work.__name__}: {error!r:.300}")
            path.unlink()
    return wrong


async def claims(store: Store) -> None:
    """The sound case is claimed, worked on and moved, beside whatever comes with it."""
    desk = Desk(store)
    desk.now, desk.real = LATER, REAL + timedelta(days=1)
    found = await desk.claim()
    sound = next(claim for claim in found if claim.data and claim.number == "RZ-0002")
    assert await store.renew(found, real=desk.real, until=desk.real + LEASE) >= {sound.case}
    held = await store.commit_many(
        [(claim, moved("generating", claim, due_at=LATER)) for claim in found], now=LATER, real=desk.real
    )
    assert sound.case in held
    assert (await store.case("RZ-0002")).claim.state == "generating"


async def seats(store: Store) -> None:
    """The sound account is leased; so is one for whatever waits for any."""
    real = REAL + timedelta(days=1)
    await Desk(store).open(queue="browser", due_at=START, state="waits")
    for _ in range(2):
        seat = await store.lease_seat(
            "portal",
            owner="new",
            real=real,
            lease=LEASE,
            cutoff=LATER,
            wanted={"copyright": ["waits"]},
            queue="browser",
        )
        if seat is not None and seat.login == "sound":
            break
    else:
        raise AssertionError("nobody sits on the sound account")
    await store.release_seat(seat, clean=True)


async def notices(store: Store) -> None:
    taken = await store.due_messages(9, owner="new", now=LATER, real=REAL + timedelta(days=1), lease=LEASE)
    (sound,) = [one for one in taken if one.recipient == "sound"]
    for one in taken:
        await store.message_sent(one.id, now=LATER, number="M", receipt_at=LATER)
    assert sound.id in {one.id for one in await store.receipts_due(9, now=LATER)}


async def run_what_waits(store: Store) -> None:
    await store.lose_dead(REAL + timedelta(days=1))
    for run in await store.pending(["http"], 9, now=LATER):
        begun = await store.begin(run, owner="new", real=REAL + timedelta(days=1), lease=LEASE)
        if run.name == "sound":
            assert begun is not None
            assert await store.finish(begun, {}, real=REAL + timedelta(days=1))
            return
    raise AssertionError("the sound run does not begin")


async def put_each(store: Store, table: Table, column: Column[Any], odd: Sequence[Any]) -> AsyncIterator[Any]:
    """Each odd value in the rows about `odd`; what stood there comes back in the end."""
    rows = f"SELECT rowid FROM {table.name} WHERE {OF_ODD[table.name]}"
    name = f'"{column.name}"'
    async with store.engine.begin() as connection:
        before = (
            await connection.execute(text(f"SELECT rowid, {name} FROM {table.name} WHERE rowid IN ({rows})"))
        ).all()
        assert before, table.name
    for value in odd:
        async with store.engine.begin() as connection:
            for rowid, _ in before:
                await connection.execute(
                    text(f"UPDATE OR IGNORE {table.name} SET {name} = :value WHERE rowid = :row"),
                    {"value": value, "row": rowid},
                )
        yield value
    async with store.engine.begin() as connection:
        for rowid, was in before:
            changed = text(f"UPDATE {table.name} SET {name} = :value WHERE rowid = :row")
            await connection.execute(changed, {"value": was, "row": rowid})


_CASE = "(SELECT id FROM cases WHERE number = 'RZ-0001')"
_SCHEDULE = "(SELECT id FROM schedules ORDER BY rowid LIMIT 1)"
_OF_CASE = (checks, effects, events, incidents, messages, secrets, documents)
OF_ODD = {
    "accounts": "rowid = 1",
    "cases": "rowid = 1",
    **dict.fromkeys((table.name for table in _OF_CASE), f'"case" = {_CASE}'),
    "clock_jumps": "id = 1",
    "runs": f"schedule = {_SCHEDULE}",
    "health": "id = 1",
    "heartbeats": "rowid = 1",
    "schedule_versions": f"schedule = {_SCHEDULE}",
    "schedules": f"id = {_SCHEDULE}",
}  # fmt: skip
