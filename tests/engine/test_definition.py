"""A definition is checked when it is made; each message says what, where and the cure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any, Protocol

import pytest
from pydantic import BaseModel, ConfigDict

from workflow.errors import DefinitionError
from workflow.flow.case import Case
from workflow.flow.definition import Flow, Line, State, Stay, To
from workflow.flow.functions import Action, action, fact


class S(StrEnum):
    new = auto()
    filed = auto()
    done = auto()


class Paper(BaseModel):
    model_config = ConfigDict(frozen=True)
    title: str = ""
    stamps: tuple[str, ...] = ()


class Office(Protocol):
    async def status(self, title: str) -> str: ...


@fact
async def status(case: Case[Paper], office: Office) -> str:
    return await office.status(case.data.title)


def accepted(status: str) -> bool:
    return status == "accepted"


def needs_wind(wind: int) -> bool:
    return wind > 3


def needs_setings(setings: Paper, statu: str) -> bool:
    return bool(setings.title and statu)


def asks_the_office(office: Office) -> bool:
    return bool(office)


async def slow_guard(status: str) -> bool:
    return bool(status)


async def undecorated(case: Case[Paper]) -> None:
    """Nobody said which class it is."""


@action(repeatable=True)
async def stamp(case: Case[Paper], office: Office) -> None:
    await office.status(case.data.title)


@action(repeatable=True)
async def stamp_in_wind(wind: int) -> None:
    assert wind


END = State(S.done, "完", final=True)


def made(*states: State, facts: Sequence[Any] = (status,)) -> Flow:
    return Flow("papers", version=1, data=Paper, facts=facts, states=list(states))


def first(*lines: Line, **named: Any) -> State:
    return State(S.new, "新", *lines, **{"waits_for": "bureau", **named})


WRONG: dict[str, tuple[Callable[[], Flow], str]] = {
    "an unknown destination": (lambda: made(first(To(S.filed)), END), "leads to filed, which is no state of it; add"),
    "a state twice": (lambda: made(first(To(S.done)), END, END), "done stands twice; keep one"),
    "an unreachable state": (
        lambda: made(first(To(S.done)), State(S.filed, "已交", To(S.done), waits_for="bureau"), END),
        "nothing leads to filed",
    ),
    "a final state with a way out": (
        lambda: made(first(To(S.done)), State(S.done, "完", To(S.new), final=True)),
        "final",
    ),
    "nobody to wait for": (lambda: made(first(To(S.done), waits_for=None), END), "says not who can change it"),
    "a guard with an unknown name": (
        lambda: made(first(To(S.done, when=needs_wind)), END),
        "guard needs_wind: nothing provides wind; add it to facts=",
    ),
    "a guard with a misspelt name": (
        lambda: made(first(To(S.done, when=needs_setings)), END),
        "guard needs_setings: nothing provides setings; write settings, or add setings to facts=",
    ),
    "an action with an unknown name": (
        lambda: made(first(To(S.done, do=stamp_in_wind)), END),
        "action stamp_in_wind: nothing provides wind",
    ),
    "an adapter in a guard": (lambda: made(first(To(S.done, when=asks_the_office)), END), "names the adapter office"),
    "an asynchronous guard": (
        lambda: made(first(To(S.done, when=slow_guard)), END),  # type: ignore[arg-type]
        "move the question into a fact",
    ),
    "a fact as guard": (
        lambda: made(first(To(S.done, when=status)), END),  # type: ignore[arg-type]
        "status is no guard",
    ),
    "an action without class": (
        lambda: made(first(To(S.done, do=undecorated)), END),  # type: ignore[arg-type]
        "undecorated has no class; decorate it",
    ),
    "a line below one that always holds": (
        lambda: made(first(To(S.done), To(S.done, when=accepted)), END),
        "can never be taken",
    ),
    "the same line twice": (
        lambda: made(first(To(S.done, when=accepted), To(S.done, when=accepted)), END),
        "stands twice in its state",
    ),
    "a Stay that does nothing": (lambda: made(first(Stay(when=accepted), To(S.done)), END), "stays and does nothing"),
    "learning into no field": (
        lambda: made(first(To(S.done, when=accepted, learn={"colour": "status"})), END),
        "learns colour, which is no field of Paper",
    ),
    "learning from no fact": (
        lambda: made(first(To(S.done, when=accepted, learn={"title": "weather.now"})), END),
        "learns from weather.now, which is no fact",
    ),
    "a circle that never waits": (
        lambda: made(
            first(To(S.filed)), State(S.filed, "已交", To(S.new), waits_for="bureau"), State(S.done, "完", final=True)
        ),
        "nothing leads to done",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_table_is_refused_with_its_cure(wrong: str) -> None:
    make, said = WRONG[wrong]
    with pytest.raises(DefinitionError, match=said.replace("(", r"\(")):
        make()


def test_unguarded_lines_in_a_circle_are_refused() -> None:
    with pytest.raises(DefinitionError, match="new -> filed -> new never waits; give one of its lines a guard"):
        made(
            State(S.new, "新", To(S.done, when=accepted), To(S.filed), waits_for="bureau"),
            State(S.filed, "已交", To(S.new), waits_for="bureau"),
            END,
        )


async def proof(case: Case[Paper]) -> None:
    """A question whether it happened."""


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "has no single class; say repeatable=True, proof=... or blind=..."),
        ({"repeatable": True, "proof": proof}, "has no single class"),
        ({"proof": proof}, 'may happen any number of times; say once="round" or once="case"'),
        ({"blind": "sent"}, "may happen any number of times"),
        ({"proof": accepted, "once": "round"}, "its proof accepted is not asynchronous"),
        ({"blind": "sent", "once": "round", "each": accepted}, "does not name item"),
    ],
)
def test_an_action_says_what_a_lost_reply_means(named: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        action(**named)(undecorated)


def test_a_fact_is_asynchronous_and_says_what_it_answers() -> None:
    with pytest.raises(DefinitionError, match="fact accepted: is not asynchronous"):
        fact(accepted)  # type: ignore[type-var]

    @fact
    async def vague(case: Case[Paper]):  # type: ignore[no-untyped-def]
        return case

    with pytest.raises(DefinitionError, match="fact vague: says not what it answers"):
        made(first(To(S.done)), END, facts=[vague])


def test_a_line_keeps_its_key_when_the_table_is_reordered() -> None:
    line = To(S.done, when=accepted, do=stamp)
    assert line.key == "done[accepted]"
    assert Stay(when=accepted, do=stamp).key == "stay:stamp[accepted]"
    assert Stay(do=stamp, name="stamping").key == "stamping"


def test_takes_is_kept_with_the_action() -> None:
    assert isinstance(stamp, Action)
    quick = action(repeatable=True, takes=timedelta(seconds=90))(undecorated)
    assert quick.takes == timedelta(seconds=90)
