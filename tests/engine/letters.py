"""A tiny flow for edge cases, letters that are posted, and a post office that does as a test tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum, auto
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from workflow.engine.dependencies import Limits
from workflow.flow.case import Case, Done, Gate, ProofAnswer
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, Line, State, To
from workflow.flow.functions import Action, Fact, action, fact
from workflow.flow.remotes import Remote
from workflow.testing import Bench, bench

MINUTE = timedelta(minutes=1)


class S(StrEnum):
    written = auto()
    posted = auto()
    answered = auto()


class Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Letter(Value):
    to: tuple[str, ...] = ("ada",)
    stamp: str | None = None
    receipt: str | None = None
    notes: tuple[str, ...] = ()


class Counter(Value):
    """What the office says when it is asked."""

    open_: bool = True
    letters: int = 0


class Office(Protocol):
    async def post(self, name: str, key: str, gate: Gate | None = None) -> None: ...
    async def proof(self, name: str) -> ProofAnswer: ...
    async def counter(self) -> Counter: ...


@dataclass
class PaperOffice:
    """troubles: for each call that comes, what it raises, or None; those in lost raise after the letter was taken.

    answers: what the proof says, one after another, the last one for ever; without any it looks at the letters.
    """

    taken: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    new_incidents: list[Exception | None] = field(default_factory=list)
    loses: list[Exception | None] = field(default_factory=list)
    answers: list[ProofAnswer | Exception] = field(default_factory=list)
    asked: int = 0
    meanwhile: list[Any] = field(default_factory=list)
    """Coroutine functions that run while a call is under way, one a call."""

    async def post(self, name: str, key: str, gate: Gate | None = None) -> None:
        self.calls.append((name, key))
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        if self.new_incidents and (trouble := self.new_incidents.pop(0)):
            raise trouble
        if gate is not None:
            await gate()
        self.taken.append((name, key))
        if self.loses and (trouble := self.loses.pop(0)):
            raise trouble

    async def proof(self, name: str) -> ProofAnswer:
        self.asked += 1
        if not self.answers:
            raise AssertionError("nobody said what the proof is to answer")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def counter(self) -> Counter:
        self.asked += 1
        return Counter(letters=len(self.taken))

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.calls]


@fact
async def counter(office: Office) -> Counter:
    return await office.counter()


async def is_posted(case: Case[Letter], office: Office) -> ProofAnswer:
    return await office.proof(case.data.to[0])


@action(proof=is_posted, once="round")
async def post(case: Case[Letter], office: Office, key: str) -> dict[str, str]:
    await office.post(case.data.to[0], key)
    return {"receipt": f"for {case.data.to[0]}"}


@action(proof=is_posted, once="round")
async def post_behind_the_gate(case: Case[Letter], office: Office, key: str, gate: Gate) -> None:
    await office.post(case.data.to[0], key, gate)


@action(repeatable=True)
async def stamp(case: Case[Letter], office: Office, key: str) -> dict[str, str]:
    await office.post("stamp", key)
    return {"stamp": "red"}


@action(blind="incident", once="round")
async def shout(case: Case[Letter], office: Office, key: str) -> None:
    await office.post(case.data.to[0], key)


@action(blind="sent", once="round")
async def whisper(case: Case[Letter], office: Office, key: str) -> None:
    await office.post(case.data.to[0], key)


def never(case: Case[Any]) -> bool:
    return False


def letters(*lines: Line, facts: Sequence[Fact] = (), version: int = 1, **more: Any) -> Plan:
    """A letter is written, posted by these lines, and answered when somebody says so."""
    states = [
        State(S.written, "写好", *lines, *([] if _leaves(lines) else [To(S.posted, when=never)]), waits_for="writer"),
        State(S.posted, "已寄", To(S.answered, when=never), waits_for="reader"),
        State(S.answered, "已回", final=True),
    ]
    return Plan(Flow("letters", version=version, data=Letter, facts=[*facts], prefix="LT", states=states, **more))


def doing(*actions: Action) -> Plan:
    """A letter that is posted by doing this."""
    return letters(To(S.posted, do=[*actions]))


def done(receipt: str = "asked") -> Done:
    return Done({"receipt": receipt})


@asynccontextmanager
async def desk(
    plan: Plan, folder: Path, office: object, *, remotes: Sequence[Remote] = (), **data: Any
) -> AsyncIterator[Bench]:
    """A bench with one letter on it. Its office settles at once, and its worker is of another process each time."""
    given = remotes or [Remote("office", Office, office, settles=timedelta(0))]
    async with bench(plan, folder, remotes=given) as at_work:
        await at_work.open(Letter(**data))
        yield at_work


def patient(at_work: Bench, **limits: timedelta) -> None:
    at_work.dependencies.limits = Limits(**limits)


def _leaves(lines: Sequence[Line]) -> bool:
    return any(line.dest for line in lines)
