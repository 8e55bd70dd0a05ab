"""For tests of flows: a database of its own, a clock to set, adapters by Protocol, and run until something holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel

from workflow.clock import SetClock
from workflow.engine.commands import Commands
from workflow.engine.dependencies import Dependencies
from workflow.engine.sweep import Engine, SweepResult
from workflow.flow.compiled import Plan
from workflow.flow.explain import Explanation, explain
from workflow.flow.remotes import Remote, Remotes
from workflow.record.database import file_url, open_database
from workflow.record.events import Event
from workflow.record.identity import open_keys
from workflow.record.journal import Journal
from workflow.record.migrations import migrate
from workflow.store import CaseRow, Filters, NewCase, Store
from workflow.store.documents import DocumentStore

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""


class StillWaiting(AssertionError):
    """The case did not come to what was asked for in the time given."""


@dataclass
class Bench:
    """A flow at work on a database of its own."""

    plan: Plan
    store: Store
    clock: SetClock
    engine: Engine
    dependencies: Dependencies
    documents: DocumentStore

    @property
    def people(self) -> Commands:
        return self.commands("person:test")

    def commands(self, actor: str) -> Commands:
        plans = {self.plan.flow.name: self.plan}
        return Commands(self.store, self.clock, plans, actor, marks=self.dependencies.marks)

    async def open(self, data: BaseModel, **named: object) -> str:
        """A new case; its number."""
        flow = self.plan.flow
        new = NewCase(
            flow.name,
            flow.version,
            flow.prefix,
            str(flow.states[0].name),
            data.model_dump(mode="json"),
            subject=flow.subject(data) if flow.subject else None,
            **named,  # type: ignore[arg-type]
        )
        (created,) = await self.store.create([new], actor="person:test", reason=None, now=await self.clock.business())
        return created.number

    async def sweep(self) -> SweepResult:
        """One look at everything that is due."""
        swept = SweepResult()
        for state in self.plan.flow.states:
            if not state.final:
                swept += await self.engine.sweep(self.plan.flow.name, str(state.name))
        return swept

    async def run(self, until: Callable[[CaseRow], bool] | str, *, within: timedelta = timedelta(days=60)) -> None:
        """Sweep, setting the clock to the next due instant, until the one case here holds, or is in the state."""
        holds = (lambda row: row.claim.state == until) if isinstance(until, str) else until
        end = await self.clock.business() + within
        while not holds(await self.case()):
            swept = await self.sweep()
            if swept.counts["moved"] or holds(await self.case()):
                continue
            due = await self.store.next_due(real=await self.clock.real())
            now = await self.clock.business()
            if due is None or due > end or (due <= now and not swept.total):
                row = await self.case()
                raise StillWaiting(f"{row.claim.number} is {row.claim.state}: {(await self.why()).model_dump()}")
            if due > now:
                self.clock.advance(due - now)

    async def case(self) -> CaseRow:
        (row,) = await self.store.cases(Filters(), limit=2)
        return row

    async def events(self) -> Sequence[Event]:
        return await self.store.events((await self.case()).claim.case)

    async def kinds(self) -> list[str]:
        """What is on record, in order."""
        return [event.kind for event in await self.events()]

    async def why(self) -> Explanation:
        row, real = await self.case(), await self.clock.real()
        barring = [
            {"kind": one.kind, "cause": one.cause, "seen": dict(one.seen)}
            for one in await self.store.incidents()
            if one.case == row.claim.case and one.bars
        ]
        return explain(self.plan, row.claim, due_at=row.due_at, deferred=row.deferred, incidents=barring, real=real)


@asynccontextmanager
async def bench(
    plan: Plan,
    folder: Path,
    *,
    adapters: Mapping[type, object] | None = None,
    remotes: Sequence[Remote] = (),
    start: datetime = MORNING,
    url: str | None = None,
) -> AsyncIterator[Bench]:
    """A Bench in a folder. adapters: implementations by Protocol, where hours and seats do not matter."""
    database = open_database(url or file_url(folder / "bench.db"))
    await migrate(database)
    vault = await open_keys(database, folder / "keys.json")
    clock, store = SetClock(start), Store(database, vault, "test")
    documents = DocumentStore(database, vault, folder / "documents")
    plain = [Remote(protocol.__name__.lower(), protocol, found) for protocol, found in (adapters or {}).items()]
    dependencies = Dependencies(
        store=store,
        clock=clock,
        remotes=Remotes([*plain, *remotes]),
        documents=documents,
        journal=Journal(folder / "journal.jsonl"),
        plans={plan.flow.name: plan},
    )
    try:
        yield Bench(plan, store, clock, Engine(dependencies, store), dependencies, documents)
    finally:
        await database.dispose()
