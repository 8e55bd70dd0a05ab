"""What no function of a flow should answer or raise, and that it is a mistake of its one case, whatever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.engine.blunders import plan
from tests.engine.letters import Letter, Office, PaperOffice, S, desk, is_posted, letters
from tests.engine.test_mistakes import LOST
from tests.engine.test_results import Speechless, Unspeakable, nest, round_and_round
from workflow.engine.sweep import Engine
from workflow.flow.case import Case, No, Yes
from workflow.flow.compiled import Evaluation, Plan
from workflow.flow.definition import Stay, To
from workflow.flow.functions import action, fact
from workflow.record.values import Message

HALF = "red \udc80"
WEST, EAST = timezone(timedelta(hours=-12)), timezone(timedelta(hours=12))


class Ours(BaseException):
    """Somebody's own, and no Exception."""


ANSWERS: dict[str, Callable[[], Any]] = {
    "no until a time that only the west has": lambda: No(until=datetime(9999, 12, 31, 20, tzinfo=WEST)),
    "no until a time that only the east had": lambda: No(until=datetime(1, 1, 1, 4, tzinfo=EAST)),
    "half a character was seen": lambda: No(seen=HALF),
    "half a character was seen and it holds": lambda: Yes(seen={"colour": [HALF]}),
    "half a character as a name": lambda: No(seen={HALF: 1}),
    "half a character is waited for": lambda: No(waits_for=HALF),
    "an object is waited for": lambda: No(waits_for=object()),  # type: ignore[arg-type]
    "what contains itself": lambda: No(seen=round_and_round()),
    "a nest without a bottom": lambda: No(seen=nest(100_000)),
    "more than is kept": lambda: No(seen="red" * 1_000_000),
    "no number": lambda: No(seen=float("nan")),
    "what cannot be shown": Unspeakable,
    "what cannot be shown was seen": lambda: No(seen=Unspeakable()),
    "an until that cannot be shown": lambda: No(until=Unspeakable()),  # type: ignore[arg-type]
    "half a character": lambda: HALF,
}
RAISED: dict[str, BaseException] = {
    "words with half a character": LookupError(HALF),
    "a name with half a character": KeyError(HALF),
    "words without end": LookupError("no such street " * 1_000_000),
    "no words": Speechless("ours"),
    "an own BaseException": Ours("street"),
    "SystemExit": SystemExit(3),
    "GeneratorExit": GeneratorExit("street"),
    "a cancellation of nobody": asyncio.CancelledError("street"),
    "a group": BaseExceptionGroup("streets", [Ours("one"), SystemExit(2)]),
}


async def is_a_mistake_of_its_case(plan: Plan, folder: Path, office: PaperOffice) -> None:
    """The neighbour goes on, nothing is held, nobody is thought dead, and after five times a person is told."""
    async with desk(plan, folder, office) as bench:
        (odd,) = await bench.store.cases()
        await bench.open(Letter(to=("eve",)))
        swept = await bench.engine.sweep("letters", "written")
        assert swept.counts == {"failed": 1, "moved": 1}
        (row,) = [one.claim for one in await bench.store.cases() if one.claim.case == odd.claim.case]
        assert (row.owner, row.crash_count, row.failures) == ("", 0, 1)
        for _ in range(5):
            bench.clock.advance(timedelta(hours=2))
            await bench.engine.sweep("letters", "written")
        (incident,) = await bench.store.incidents()
        assert incident.kind == "mistake"
        assert incident.seen["error"]
        assert len(str(incident.seen)) < 5000
        assert not office.calls


def is_eve(case: Case[Letter]) -> bool:
    return case.data.to == ("eve",)


@pytest.mark.parametrize("which", ANSWERS)
async def test_an_odd_answer_of_a_guard_is_a_mistake_of_its_case(tmp_path: Path, which: str) -> None:
    def odd(case: Case[Letter]) -> Any:
        return True if is_eve(case) else ANSWERS[which]()

    await is_a_mistake_of_its_case(plan(To(S.posted, when=odd)), tmp_path, PaperOffice())


def raising(kind: str, error: BaseException) -> Plan:
    """A letter whose function of this kind raises, unless it goes to eve."""

    def odd(case: Case[Letter]) -> Any:
        if not is_eve(case):
            raise error
        return {"a guard": True, "items": [], "a notice": []}.get(kind)

    @fact
    async def street(case: Case[Letter]) -> int:
        odd(case)
        return 1

    def has_street(street: int) -> bool:
        return street == 1

    @action(repeatable=True, each=odd)
    async def for_each(case: Case[Letter], item: Any) -> None: ...

    @action(repeatable=True)
    async def stamp(case: Case[Letter], office: Office) -> None:
        odd(case)

    @action(proof=is_posted, once="round")
    async def post(case: Case[Letter], office: Office) -> None:
        odd(case)

    lines = {
        "a guard": (To(S.posted, when=odd),),
        "items": (Stay(do=for_each), To(S.posted, when=is_eve)),
        "a fact": (To(S.posted, when=has_street),),
        "an action": (To(S.posted, do=stamp),),
        "an action with a proof": (To(S.posted, do=post),),
        "a notice": (To(S.posted, tell=odd),),
    }
    return plan(*lines[kind], facts=[street])


KINDS = ("a guard", "items", "a fact", "an action", "an action with a proof", "a notice")


@pytest.mark.parametrize("which", RAISED)
@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_a_function_raises_is_a_mistake_of_its_case(tmp_path: Path, kind: str, which: str) -> None:
    await is_a_mistake_of_its_case(raising(kind, RAISED[which]), tmp_path, PaperOffice())


@pytest.mark.parametrize("which", RAISED)
async def test_whatever_a_proof_raises_it_is_no_no(tmp_path: Path, which: str) -> None:
    async def odd(case: Case[Letter]) -> Any:
        raise RAISED[which]

    @action(proof=odd, once="round")
    async def post(case: Case[Letter], office: Office, key: str) -> None:
        await office.post(case.data.to[0], key)

    office = PaperOffice(loses=[LOST])
    async with desk(plan(To(S.posted, do=post)), tmp_path, office) as bench:
        assert (await bench.sweep()).counts == {"doubted": 1, "failed": 1}
        await bench.run(lambda row: row.barred)
        (incident,) = await bench.store.incidents()
        assert (incident.kind, len(office.calls)) == ("mistake", 1)


async def test_a_notice_that_cannot_be_written_is_a_mistake_of_its_case(tmp_path: Path) -> None:
    def odd(case: Case[Letter]) -> tuple[Message, ...]:
        return () if is_eve(case) else (Message("posted", "ada", "13800400001", HALF),)

    await is_a_mistake_of_its_case(plan(To(S.posted, tell=odd)), tmp_path, PaperOffice())


async def test_data_that_no_version_can_raise_is_a_mistake_of_its_case(tmp_path: Path) -> None:
    """It happens before anything of the case is read, and is counted all the same."""

    def upcast(version: int, data: dict[str, Any]) -> dict[str, Any]:
        if data["to"] != ["eve"]:
            raise SystemExit(3)
        return data

    async with desk(letters(To(S.posted)), tmp_path, PaperOffice()) as bench:
        await bench.open(Letter(to=("eve",)))
        newer = letters(To(S.posted), version=2, upcast=upcast)
        engine = Engine(replace(bench.dependencies, plans={"letters": newer}))
        assert (await engine.sweep("letters", "written")).counts == {"failed": 1, "moved": 1}
        assert {(row.claim.state, row.claim.owner, row.claim.crash_count) for row in await bench.store.cases()} == {
            ("written", "", 0), ("posted", "", 0),
        }  # fmt: skip


# ---------------------------------------------------------------- what comes from outside keeps its meaning


async def test_a_tick_that_is_cancelled_is_no_mistake(tmp_path: Path) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    @fact
    async def street(case: Case[Letter]) -> int:
        asked.set()
        await never.wait()
        return 1

    def has_street(street: int) -> bool:
        return street == 1

    async with desk(plan(To(S.posted, when=has_street), facts=[street]), tmp_path, PaperOffice()) as bench:
        sweep = asyncio.create_task(bench.sweep())
        await asked.wait()
        sweep.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sweep
        assert (await bench.case()).claim.failures == 0


def test_an_interrupt_in_a_guard_is_no_mistake() -> None:
    def pressed(case: Case[Letter]) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan(To(S.posted, when=pressed)).decide(Evaluation("written", {"case": None}))
