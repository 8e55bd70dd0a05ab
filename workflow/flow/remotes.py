"""What the engine knows of each remote: its Protocol, hours, queue, and how a seat is bound to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from workflow.calendars import Calendar
from workflow.errors import DefinitionError
from workflow.flow import called
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, Line
from workflow.flow.functions import Need, needs
from workflow.flow.sending import Wrapped
from workflow.queues import DEFAULT_QUEUE, check_queue
from workflow.record.values import Seat
from workflow.sentence import Sentence

Evidence = Callable[[str, bytes], Awaitable[None]]
"""Awaited with the step's name and a masked PNG, once in each browser step."""


@dataclass(frozen=True)
class Opened:
    """What stands behind a remote in a process: an implementation, or connect and fence for one that works on seats.

    ask: the question by which its health is known; it raises RemoteError where the remote is not well.
    """

    implementation: object | None = None
    connect: Callable[[Seat, Evidence], AbstractAsyncContextManager[object]] | None = None
    fence: Callable[[Seat], Awaitable[bool]] | None = None
    ask: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Remote:
    """An adapter as the engine sees it. Either implementation, or connect for one that works on a leased seat.

    settles: how long after a lost reply its answers may still be wrong. fence: makes a late call of the seat's old
    session impossible, and says whether it could. notes_sending: it calls workflow.flow.sending.note_left() before
    anything that changes the world leaves; of one that does not, every call counts as one that may have left.
    part_of: the remote that it belongs to: by whose accounts it is entered, and under whose name its health is kept.
    queue: the workers that serve it alone ask this remote; those of every queue ask one of the default queue.
    seats: it works on leased seats. browser: it works in the Chromium of its process. Each of these has a queue of its
    own. at_once, per_minute: so many calls of a process are under way, and begin in a minute, at most; who calls
    sooner waits, within the deadline of the call. at_once is also how many seats a process works on side by side.
    needs: the settings of its system without which it is not opened. opens: given an Opening, a context in which it is
    open. lacks: the variables of those of them that are not set; then nothing stands behind it, and what needs it
    waits.
    """

    name: str
    protocol: type
    implementation: object | None = None
    connect: Callable[[Seat, Evidence], AbstractAsyncContextManager[object]] | None = None
    calendar: Calendar | None = None
    queue: str = DEFAULT_QUEUE
    settles: timedelta = timedelta(minutes=15)
    fence: Callable[[Seat], Awaitable[bool]] | None = None
    notes_sending: bool = False
    part_of: str | None = None
    seats: bool = False
    browser: bool = False
    at_once: int | None = None
    per_minute: int | None = None
    needs: tuple[str, ...] = ()
    opens: Callable[[Any], AbstractAsyncContextManager[Opened]] | None = None
    lacks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("at_once", "per_minute"):
            said = getattr(self, name)
            if said is not None and said < 1:
                raise DefinitionError(called.remote(self.name), "lets_none", field=name, given=said)
        check_queue(called.remote(self.name), self.queue)
        if (self.needs_seat or self.browser) and self.queue == DEFAULT_QUEUE:
            code = "browser_no_queue" if self.browser else "seats_no_queue"
            raise DefinitionError(called.remote(self.name), code)

    @property
    def needs_seat(self) -> bool:
        return self.seats or self.connect is not None

    @property
    def whole(self) -> str:
        """The name of the remote to which this one belongs, or its own."""
        return self.part_of or self.name


def wanted_by(plan: Plan, line: Line) -> Iterator[Need]:
    """What a line needs: the parameters of its guards, actions and proofs, and of the facts among these."""
    wanted = [need for guard in line.guards for need in needs(guard)]
    for done in line.actions:
        wanted += [*done.needs, *done.proof_needs, *done.each_needs]
    wanted += [Need(source.split(".")[0], None) for source in line.learn.values()]
    wanted += needs(line.tell) if line.tell is not None else ()
    seen: set[str] = set()
    while wanted:
        need = wanted.pop()
        yield need
        if need.protocol is None and need.name in plan.flow.fact and need.name not in seen:
            seen.add(need.name)
            wanted += plan.flow.fact[need.name].needs


def needs_of(flow: Flow) -> list[Need]:
    """What a flow's facts, actions and proofs name."""
    wanted = [need for asked in flow.facts for need in asked.needs]
    for done in flow.actions.values():
        wanted += [*done.needs, *done.proof_needs]
    return wanted


class Remotes:
    """The remotes of a process, found by the Protocol with which a function annotates its parameter."""

    def __init__(self, remotes: Iterable[Remote]) -> None:
        self._by_protocol: dict[Any, Remote] = {remote.protocol: remote for remote in remotes}
        self._by_name = {remote.name: remote for remote in self._by_protocol.values()}
        for remote in self._by_name.values():
            if remote.whole not in self._by_name:
                raise DefinitionError(remote.name, "part_of_none", whole=remote.part_of)
            if remote.needs_seat and remote.queue != (whole := self._by_name[remote.whole]).queue:
                raise DefinitionError(
                    called.remote(remote.name), "queues_differ", queue=remote.queue, whole=whole.name, other=whole.queue
                )

    def of(self, need: Need) -> Remote | None:
        return self._by_protocol.get(need.protocol) if need.protocol is not None else None

    def behind(self, wanted: Iterable[Need]) -> list[Remote]:
        return [remote for need in wanted if (remote := self.of(need)) is not None]

    def queue_of(self, plan: Plan, lines: Iterable[Line]) -> str:
        """The queue whose workers do these lines, by the remotes of their facts, actions and proofs.

        Raises DefinitionError where there are two: no worker of one would come to an end with a case.
        """
        asked = {remote.queue: remote.name for line in lines for remote in self.behind(wanted_by(plan, line))}
        named = sorted(asked.keys() - {DEFAULT_QUEUE})
        if len(named) > 1:
            first, second = (f"{asked[queue]} of the queue {queue}" for queue in named[:2])
            raise DefinitionError(plan.flow.name, "two_queues", first=first, second=second)
        return named[0] if named else DEFAULT_QUEUE

    def queues(self, plan: Plan) -> tuple[str, ...]:
        """The queues in which cases of a flow may stand; the default one first."""
        return (DEFAULT_QUEUE, *sorted({remote.queue for remote in self.of_flow(plan)} - {DEFAULT_QUEUE}))

    def seat_work(self, plan: Plan, state: str, queue: str) -> Remote | None:
        """The remote on whose seats the workers of this queue work in a state; None where they need no seat there."""
        remote = self.entered_in(plan, state)
        return remote if remote is not None and remote.queue == queue else None

    def all(self) -> list[Remote]:
        return list(self._by_protocol.values())

    def of_flow(self, plan: Plan) -> list[Remote]:
        """The remotes that a flow's facts, actions and proofs name."""
        return self.behind(needs_of(plan.flow))

    def entered(self, plan: Plan) -> list[Remote]:
        """The remotes whose accounts the cases of a flow work on, by name; none where its lines need no seat."""
        return self._entered(self.of_flow(plan))

    def entered_in(self, plan: Plan, state: str) -> Remote | None:
        """The remote whose account a case has in a state.

        Of a flow that works on the accounts of one remote it is that one, also where the state's lines need no seat; of
        a flow with several, the one that these lines ask. None where the flow needs no seat, or where it works with
        several and these lines need none. Raises DefinitionError where they ask two: who looks at a case sits on one.
        """
        of_flow = self.entered(plan)
        if len(of_flow) < 2:
            return of_flow[0] if of_flow else None
        here = plan.state(state)
        found = self._entered(self.behind(need for line in here.lines for need in wanted_by(plan, line)))
        if len(found) > 1:
            names = " and ".join(remote.name for remote in found)
            where = f"{plan.flow.name}: {here.name}"
            raise DefinitionError(where, "several_accounts", names=names)
        return found[0] if found else None

    def seat_in(self, plan: Plan, state: str) -> str | None:
        """The name of the remote whose account a case works with from this state on; None where it needs no seat."""
        remote = self.entered_in(plan, state)
        return remote.name if remote is not None else None

    def seat_after_move(self, plan: Plan, state: str) -> str | None:
        """The same, where the flow works with several; of one remote the account stays, and many moves go together."""
        return self.seat_in(plan, state) if len(self.entered(plan)) > 1 else None

    def seats(self, plans: Iterable[Plan]) -> dict[tuple[str, str], str]:
        """By flow and state, by earlier names of it too, the remote on whose accounts its cases work there."""
        pairs = ((plan, str(state.name)) for plan in plans for state in plan.flow.states)
        seats = ((plan, state, seat) for plan, state in pairs if (seat := self.seat_in(plan, state)))
        return {(plan.flow.name, name): seat for plan, state, seat in seats for name in plan.called(state)}

    def seated(self, plans: Iterable[Plan]) -> dict[str, tuple[str, ...]]:
        """By flow, the queues in which it works on accounts."""
        entered = {plan.flow.name: self.entered(plan) for plan in plans}
        return {flow: tuple(sorted({remote.queue for remote in found})) for flow, found in entered.items()}

    @property
    def browser_queues(self) -> frozenset[str]:
        """The queues whose workers need a Chromium."""
        return frozenset(remote.queue for remote in self.all() if remote.browser)

    def _entered(self, asked: Iterable[Remote]) -> list[Remote]:
        return [self._by_name[name] for name in sorted({remote.whole for remote in asked if remote.needs_seat})]

    def check(self, plan: Plan) -> list[Sentence]:
        """Raises DefinitionError where an adapter is missing or an action may outlast closing; returns warnings."""
        flow = plan.flow
        for state in flow.states:
            self.entered_in(plan, str(state.name))
            self.queue_of(plan, [line for line in state.lines if not line.name])
            for line in state.lines:
                self.queue_of(plan, [line])
        for asked in flow.facts:
            self._present(f"{flow.name}: fact {asked.name}", asked.needs)
        for state, line in flow.lines():
            for done in line.actions:
                where = called.within(f"{flow.name}: {state.name}", called.action(done.name))
                self._present(where, (*done.needs, *done.proof_needs))
                closing = [remote.name for remote in self.behind(done.needs) if remote.calendar]
                if closing and done.takes is None:
                    raise DefinitionError(where, "takes_unsaid", remote=closing[0])
        return [warning for state in flow.states for warning in self._below(plan, str(state.name))]

    def _present(self, where: str, wanted: Iterable[Need]) -> None:
        for need in wanted:
            if need.protocol is not None and need.protocol not in self._by_protocol:
                raise DefinitionError(where, "no_adapter", protocol=need.protocol.__name__)
            if (remote := self.of(need)) is not None and remote.implementation is not None:
                check_methods(where, remote.protocol, remote.implementation)

    def _closes(self, plan: Plan, fact: str) -> bool:
        asked = plan.flow.fact.get(fact)
        if asked is None:
            return False
        return any(remote.calendar for remote in self.behind(asked.needs)) or any(
            self._closes(plan, need.name) for need in asked.needs
        )

    def _below(self, plan: Plan, state: str) -> list[Sentence]:
        """Lines that could be taken at night, but stand below one whose first question is closed then."""
        warnings, shut = list[Sentence](), None
        for line in plan.states[state].lines:
            facts = [need.name for guard in line.guards for need in needs(guard)]
            closes = any(self._closes(plan, fact) for fact in facts) or any(
                remote.calendar for done in line.actions for remote in self.behind(done.needs)
            )
            if shut and not closes:
                warnings.append(
                    Sentence(
                        "needs_nothing_that_closes",
                        "{state}: {line} needs nothing that closes, but waits below {shut}",
                        state=state,
                        line=line.key,
                        shut=shut,
                    )
                )
            shut = shut or (line.key if closes and not line.name else None)
        return warnings


def check_methods(where: str, protocol: type, behind: object) -> None:
    """Raises DefinitionError where an adapter lacks a method of its Protocol, or is a class.

    One that connects is known only when it is connected.
    """
    behind = Wrapped.inner(behind)
    if isinstance(behind, type):
        raise DefinitionError(where, "behind_class", behind=behind.__name__, protocol=protocol.__name__)
    asked = [base for base in protocol.__mro__ if getattr(base, "_is_protocol", False) and base is not Protocol]
    names = {name for base in asked for name in (*vars(base), *base.__annotations__) if not name.startswith("_")}
    if lacking := sorted(name for name in names if not hasattr(behind, name)):
        raise DefinitionError(
            where, "behind_lacks", behind=type(behind).__name__, protocol=protocol.__name__, lacking=", ".join(lacking)
        )
