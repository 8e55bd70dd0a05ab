"""Each error in each kind of function, for twenty days: a person is told in time, the tries stay few, and it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.letters import Letter, Office, PaperOffice, S, Value, desk, letters
from workflow import errors
from workflow.backoff import CLOSED_FOR, STUCK_FOR
from workflow.errors import Closed, Drifted, LoginNeeded, NeedsPerson, NotSent, Refused, Unknown
from workflow.flow.case import Case, Done, ProofAnswer
from workflow.flow.compiled import Plan
from workflow.flow.definition import Stay, To
from workflow.flow.functions import action, fact
from workflow.record.values import Message
from workflow.testing import Bench

LONG = timedelta(days=20)
MOST = 200
"""So many tries in twenty days at most; 400 in 16 days told nobody."""
SLACK = timedelta(hours=5)
"""A bound is reached at the try after it."""


@dataclass
class Ill:
    """What raises its error as often as it is called, until it is mended."""

    error: Callable[[int], Exception]
    down: bool = True
    calls: int = 0
    lost: list[bool] = field(default_factory=lambda: [True])

    def __call__(self) -> None:
        if self.down:
            self.calls += 1
            raise self.error(self.calls)


class Sheet(Value):
    id: str


ERRORS: dict[str, Callable[[int], Exception]] = {
    "NotSent": lambda n: NotSent("office", "post", f"no answer within {n} ms"),
    "Refused": lambda n: Refused("office", "post", "no"),
    "LoginNeeded": lambda n: LoginNeeded("office", "post", "you were logged out"),
    "Closed": lambda n: Closed("office", "post", "the site says that it is closed"),
    "Drifted": lambda n: Drifted("office", "post", "no button"),
    "Unknown": lambda n: Unknown("office", "post", "half a reply"),
    "NeedsPerson": lambda n: NeedsPerson("order_twins", order="7"),
    "TimeoutError": lambda n: TimeoutError(),
    "a mistake": lambda n: KeyError("no such street"),
}


def of_a_guard(ill: Ill) -> Plan:
    def well(case: Case[Letter]) -> bool:
        ill()
        return True

    return letters(To(S.posted, when=well))


def of_a_fact(ill: Ill) -> Plan:
    @fact
    async def asked(office: Office) -> int:
        ill()
        return 1

    def well(asked: int) -> bool:
        return asked > 0

    return letters(To(S.posted, when=well), facts=[asked])


def of_items(ill: Ill) -> Plan:
    def sheets(case: Case[Letter]) -> tuple[Sheet, ...]:
        ill()
        return (Sheet(id="1"),)

    @action(repeatable=True, each=sheets)
    async def fold(case: Case[Letter], item: Sheet) -> None: ...

    return letters(To(S.posted, do=fold))


def of_a_notice(ill: Ill) -> Plan:
    def notice(case: Case[Letter]) -> tuple[Message, ...]:
        ill()
        return ()

    return letters(To(S.posted, tell=notice))


def of_a_repeatable_action(ill: Ill) -> Plan:
    @action(repeatable=True)
    async def stamp(case: Case[Letter], office: Office) -> None:
        ill()

    return letters(To(S.posted, do=stamp))


def of_an_action_with_a_proof(ill: Ill) -> Plan:
    async def proved(case: Case[Letter], office: Office) -> ProofAnswer:
        return Done({})

    @action(proof=proved, once="round")
    async def send(case: Case[Letter], office: Office) -> None:
        ill()

    return letters(To(S.posted, do=send))


def of_a_proof(ill: Ill) -> Plan:
    async def proved(case: Case[Letter], office: Office) -> ProofAnswer:
        ill()
        return Done({})

    @action(proof=proved, once="round")
    async def send(case: Case[Letter], office: Office) -> None:
        if ill.lost:
            ill.lost.pop()
            raise Unknown("office", "post", "the reply was lost")

    return letters(To(S.posted, do=send))


def of_what_only_acts(ill: Ill) -> Plan:
    """A Stay: what fails in it holds up the lines below."""

    @action(repeatable=True)
    async def stamp(case: Case[Letter], office: Office) -> dict[str, str]:
        ill()
        return {"stamp": "red"}

    def unstamped(case: Case[Letter]) -> bool:
        return case.data.stamp is None

    def stamped(case: Case[Letter]) -> bool:
        return case.data.stamp is not None

    return letters(Stay(when=unstamped, do=stamp), To(S.posted, when=stamped))


KINDS: dict[str, Callable[[Ill], Plan]] = {
    "a guard": of_a_guard,
    "a fact": of_a_fact,
    "items": of_items,
    "a notice": of_a_notice,
    "a repeatable action": of_a_repeatable_action,
    "an action with a proof": of_an_action_with_a_proof,
    "a proof": of_a_proof,
    "what only acts": of_what_only_acts,
}
PAIRS = [(error, kind) for error in ERRORS for kind in KINDS]
ENDS_BY_ITSELF = {("Unknown", "an action with a proof")}
"""The question tells what became of it."""


async def lived(bench: Bench, until: timedelta, told: list[timedelta]) -> None:
    """The bench's time to then, each look when it is due; told: after how long somebody was told."""
    begun = await bench.clock.business()
    while (gone := await bench.clock.business() - begun) < until and (await bench.case()).claim.state != S.posted:
        await bench.sweep()
        if not told and await bench.store.incidents():
            told.append(gone)
        due, now = await bench.store.next_due(real=await bench.clock.real()), await bench.clock.business()
        bench.clock.advance(max(min(due or now + until, begun + until) - now, timedelta(seconds=1)))


async def by_hand(bench: Bench) -> None:
    """What a person does about an incident that bars the case."""
    row = await bench.case()
    for effect in row.claim.effects:
        if effect.stage == "person":
            await bench.people.settle(row.claim.case, effect.key, happened=True, reason="it lies there")
            return
    if row.barred:
        await bench.people.retry(row.claim.case, "the cause is mended")


@pytest.mark.parametrize(("error", "kind"), PAIRS, ids=[f"{error} in {kind}" for error, kind in PAIRS])
async def test_whatever_goes_on_and_on_is_told_in_time_and_ends(tmp_path: Path, error: str, kind: str) -> None:
    ill = Ill(ERRORS[error])
    async with desk(KINDS[kind](ill), tmp_path, PaperOffice()) as bench:
        told: list[timedelta] = []
        await lived(bench, LONG, told)
        assert ill.calls <= MOST, f"{ill.calls} tries in {LONG}"
        if (error, kind) in ENDS_BY_ITSELF:
            assert (await bench.case()).claim.state == S.posted
            return
        bound = CLOSED_FOR if error == "Closed" and kind in OPEN_TO_CLOSED else STUCK_FOR
        assert told, f"{ill.calls} tries in {LONG}, and nobody was told"
        assert told[0] <= bound + SLACK
        (incident,) = await bench.store.incidents()

        ill.down = False
        await by_hand(bench)
        await bench.run(S.posted, within=timedelta(days=2))
        assert await bench.store.incidents() == []
        assert incident.cause.startswith("letters:written:")


OPEN_TO_CLOSED = ("a fact", "a repeatable action", "an action with a proof", "a proof", "what only acts")
"""Functions that ask a remote; what only computes has no business with one that is closed."""


async def test_troubles_that_take_turns_are_one_trouble(tmp_path: Path) -> None:
    """Now no answer, now closed: each alone never lasted, and nobody was told."""
    turns: list[Any] = [ERRORS["NotSent"], ERRORS["Closed"], ERRORS["LoginNeeded"]]
    ill = Ill(lambda n: turns[n % 3](n))
    async with desk(of_a_fact(ill), tmp_path, PaperOffice()) as bench:
        told: list[timedelta] = []
        await lived(bench, LONG, told)
        assert told
        assert told[0] <= CLOSED_FOR + SLACK
        assert ill.calls <= MOST
        ill.down = False
        await bench.run(S.posted, within=timedelta(days=2))
        assert await bench.store.incidents() == []


async def test_who_gets_on_in_between_begins_anew(tmp_path: Path) -> None:
    ill = Ill(ERRORS["NotSent"])

    @fact
    async def asked(office: Office) -> int:
        ill()
        return 1

    def well(asked: int) -> bool:
        return asked > 1

    async with desk(letters(To(S.posted, when=well), facts=[asked]), tmp_path, PaperOffice()) as bench:
        told: list[timedelta] = []
        for _ in range(6):
            ill.down = True
            await lived(bench, timedelta(hours=1, minutes=50), told)
            ill.down = False
            await lived(bench, timedelta(hours=3), told)
        assert not told


def test_every_error_that_an_adapter_raises_is_tried() -> None:
    raised = {
        name
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, errors.RemoteError) and found is not errors.RemoteError
    }
    assert raised <= ERRORS.keys()
