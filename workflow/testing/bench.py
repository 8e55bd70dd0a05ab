"""Runs flows in a test: with a database of its own, a clock to set, and adapters by Protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from pydantic import BaseModel

from workflow.clock import SetClock
from workflow.engine.allowance import Allowance
from workflow.engine.commands import Commands
from workflow.engine.dependencies import Dependencies
from workflow.engine.sweep import Engine, SweepResult
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow
from workflow.flow.explain import Explanation, explain
from workflow.flow.remotes import Remote, Remotes
from workflow.record.database import file_url, open_database
from workflow.record.events import Event
from workflow.record.identity import open_keys
from workflow.record.journal import Journal
from workflow.record.migrations import migrate
from workflow.store import CaseRow, Filters, NewCase, SentMessage, Store
from workflow.store.documents import DocumentStore
from workflow.testing.empty import put_empty
from workflow.testing.twins import noticing
from workflow.testing.waiting import StillWaiting, said_of

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""
MOST_LOOKS = 1000
"""A case is looked at in vain this often before a run ends: a week of looks every ten minutes."""


class GoesRound(Exception):
    """Cases move and move, and no time passes."""


@dataclass
class Moves:
    """Counts the looks that moved something since the clock last went on. Raises GoesRound after so many of them."""

    most: int
    at_once: int = 0
    known: int = 0

    async def count(self, counts: Mapping[str, int]) -> None:
        """counts: of all looks so far, by outcome."""
        moved = counts.get("moved", 0)
        self.at_once += moved > self.known
        self.known = moved
        if self.at_once > self.most:
            raise GoesRound(
                f"{self.most} looks in a row moved something while the clock stood still: "
                "its lines lead in a circle that never waits; give one of them another guard, or say looks="
            )


@dataclass
class Bench:
    """Flows at work on a database of their own. With a single case, no call needs to name it."""

    plans: Mapping[str, Plan]
    store: Store
    clock: SetClock
    engine: Engine
    dependencies: Dependencies
    documents: DocumentStore

    @property
    def plan(self) -> Plan:
        """The compiled first flow."""
        return next(iter(self.plans.values()))

    @property
    def people(self) -> Commands:
        return self.commands("person:test")

    def commands(self, actor: str) -> Commands:
        here = self.dependencies
        return Commands(self.store, self.clock, self.plans, here.remotes, actor, marks=here.marks)

    async def open(self, data: BaseModel, *, flow: str | None = None, **named: object) -> str:
        """Open a case of the flow that has such data, or of the named one; returns its number.

        named: fields of NewCase.
        """
        of = self._flow_of(data) if flow is None else self.plans[flow].flow
        new = NewCase(
            of.name,
            of.version,
            of.prefix,
            str(of.states[0].name),
            data.model_dump(mode="json"),
            subject=of.subject(data) if of.subject else None,
            **named,  # type: ignore[arg-type]
        )
        (created,) = await self.store.create([new], actor="person:test", reason=None, now=await self.clock.business())
        return created.number

    async def sweep(self, *, line: str | None = None) -> SweepResult:
        """Look once at everything that is due, state by state; or at a named line, as a schedule of that name does."""
        swept = SweepResult()
        async for one in self._by_state(line):
            swept += one
        return swept

    async def run(
        self,
        until: Callable[[CaseRow], bool] | str,
        *,
        case: str | None = None,
        within: timedelta = timedelta(days=60),
        looks: int = MOST_LOOKS,
    ) -> CaseRow:
        """Sweep, setting the clock to each next due instant, until the case enters a state or something holds of it.

        Raises StillWaiting when it has ended elsewhere, when nothing is due any more, when the time is over, or after
        so many looks in a row that moved nothing, or that moved something while the clock stood still. A mistake about
        a Twin is raised at once.
        """
        row = await self.case(case)
        wanted, holds = self._wanted(row, until)
        number, end, vain = row.claim.number, await self.clock.business() + within, 0
        moves = Moves(looks)
        self.engine.allowance = Allowance(tell=moves.count)
        while not holds(row):
            swept = SweepResult()
            try:
                async for one in self._by_state():
                    swept += one
                    if one.total and holds(row := await self.case(number)):
                        return row
            except GoesRound as error:
                raise await self._still(number, wanted, str(error)) from error
            if swept.counts["moved"]:
                vain = 0
                continue
            vain += 1
            due, now = await self.store.next_due(real=await self.clock.real()), await self.clock.business()
            if gave_up := _gives_up(row, due, now, end, swept, vain, looks):
                raise await self._still(number, wanted, gave_up)
            if due is not None and due > now:
                self.clock.advance(due - now)
                moves.at_once = 0
        return row

    async def give(self, case: str | None = None, /, **fields: object) -> None:
        """Hand in what a case waits for, as a person does: its data changes, and it is due."""
        await self.people.give((await self.case(case)).claim.case, fields)

    async def force(
        self, state: str, reason: str = "as the test wants it", *, case: str | None = None, new_round: bool = False
    ) -> None:
        """Move a case to a state, as a person does."""
        await self.people.force((await self.case(case)).claim.case, state, reason, new_round=new_round)

    async def case(self, number: str | None = None) -> CaseRow:
        """The case of this number, or the only one."""
        if number is not None:
            return await self.store.case(number)
        found = await self.store.cases(Filters(), limit=10)
        if len(found) != 1:
            here = ", ".join(row.claim.number for row in found) or "none"
            raise LookupError(f"there is not one case here but {here}; open one, or name the one that is meant")
        return found[0]

    async def events(self, case: str | None = None) -> Sequence[Event]:
        return await self.store.events((await self.case(case)).claim.case)

    async def kinds(self, case: str | None = None) -> list[str]:
        """The kinds of the case's events, in order."""
        return [event.kind for event in await self.events(case)]

    async def notices(self, case: str | None = None) -> Sequence[SentMessage]:
        """The notices to people, in order; nothing is sent here."""
        return await self.store.messages_of((await self.case(case)).claim.case)

    async def why(self, case: str | None = None) -> Explanation:
        row, real = await self.case(case), await self.clock.real()
        barring = [
            {"kind": one.kind, "cause": one.cause, "seen": dict(one.seen)}
            for one in await self.store.incidents()
            if one.case == row.claim.case and one.bars
        ]
        plan = self.plans[row.claim.flow]
        return explain(plan, row.claim, due_at=row.due_at, deferred=row.deferred, incidents=barring, real=real)

    async def _by_state(self, line: str | None = None) -> AsyncIterator[SweepResult]:
        for name, plan in self.plans.items():
            for state in plan.flow.states:
                if not state.final:
                    with noticing():
                        swept = await self.engine.sweep(name, str(state.name), only=line)
                    yield swept

    async def _still(self, number: str, wanted: str, gave_up: str) -> StillWaiting:
        why, effects = await self.why(number), (await self.case(number)).claim.effects
        return StillWaiting(said_of(wanted, gave_up, why, await self.events(number), effects), why)

    def _flow_of(self, data: BaseModel) -> Flow:
        fitting = [plan.flow for plan in self.plans.values() if type(data) is plan.flow.data]
        if len(fitting) != 1:
            names = ", ".join(flow.name for flow in fitting) or "none"
            raise LookupError(f"flows whose data is {type(data).__name__}: {names}; say flow=")
        return fitting[0]

    def _wanted(self, row: CaseRow, until: Callable[[CaseRow], bool] | str) -> tuple[str, Callable[[CaseRow], bool]]:
        if not isinstance(until, str):
            return getattr(until, "__name__", repr(until)), until
        if until not in (states := self.plans[row.claim.flow].states):
            raise LookupError(f"{row.claim.flow} has no state {until}; it has {', '.join(states)}")
        return str(until), lambda row: row.claim.state == until


def _gives_up(
    row: CaseRow, due: datetime | None, now: datetime, end: datetime, swept: SweepResult, vain: int, looks: int
) -> str | None:
    """Why it is no use to go on; None where it is."""
    if row.final:
        return "it has ended"
    if due is None or (due <= now and not swept.total):
        return "nothing is due any more"
    if due > end:
        return f"the next look is after {end:%d %b %H:%M} UTC, where the time given ends; more is within="
    if vain >= looks:
        return f"{looks} looks in a row moved nothing; give its guard an until=, its state a recheck=, or say looks="
    return None


@asynccontextmanager
async def bench(
    flows: Flow | Plan | Sequence[Flow | Plan],
    folder: Path | None = None,
    *,
    adapters: Mapping[type, object] | None = None,
    remotes: Sequence[Remote] = (),
    start: datetime = MORNING,
    url: str | None = None,
    quiet: bool = True,
) -> AsyncIterator[Bench]:
    """A Bench in a folder, or in one that is gone afterwards.

    adapters: implementations by Protocol, where hours and seats do not matter; remotes: where they do. url: of an empty
    PostgreSQL database. quiet: the log shows only warnings, unless the test has set up structlog by itself.
    """
    given = [flows] if isinstance(flows, Flow | Plan) else flows
    plans = {plan.flow.name: plan for plan in (Plan(one) if isinstance(one, Flow) else one for one in given)}
    clock = SetClock(start)
    with TemporaryDirectory() if folder is None else nullcontext(folder) as named, _log(quiet):
        place = Path(named)
        file = place / "bench.db"
        if url is None and not file.exists():
            await put_empty(file)
        database = open_database(url or file_url(file))
        try:
            await migrate(database)
            vault = await open_keys(database, place / "keys.json")
            store = Store(database, vault, "test")
            documents = DocumentStore(database, vault, place / "documents")
            plain = [Remote(protocol.__name__.lower(), protocol, found) for protocol, found in (adapters or {}).items()]
            dependencies = Dependencies(
                store=store,
                clock=clock,
                remotes=Remotes([*plain, *remotes]),
                documents=documents,
                journal=Journal(place / "journal.jsonl"),
                plans=plans,
            )
            yield Bench(plans, store, clock, Engine(dependencies), dependencies, documents)
        finally:
            await database.dispose()


@contextmanager
def _log(quiet: bool) -> Iterator[None]:
    if not quiet or structlog.is_configured():
        yield
        return
    structlog.configure(processors=[_only_warnings, *structlog.get_config()["processors"]])
    try:
        yield
    finally:
        structlog.reset_defaults()


def _only_warnings(logger: Any, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if level in ("debug", "info"):
        raise structlog.DropEvent
    return event
