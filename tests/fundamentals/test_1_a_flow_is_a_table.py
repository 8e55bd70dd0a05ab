"""First: what a flow is. A table of states and lines, plain functions beside it, checked as it is made."""

from __future__ import annotations

from enum import StrEnum, auto

import pytest
from pydantic import BaseModel, ConfigDict

from workflow import DefinitionError, Flow, No, State, To, Verdict, Yes, fact
from workflow.flow.compiled import Evaluation, Missing, Plan


class S(StrEnum):
    waiting = auto()
    lit = auto()


class Lamp(BaseModel):
    model_config = ConfigDict(frozen=True)
    room: str


@fact
async def switch() -> str:
    """How the switch stands: a question to the outside."""
    return "on"


def switched_on(switch: str) -> Verdict:
    """A guard: a plain yes or no that says what it saw and who can change it."""
    return Yes(switch=switch) if switch == "on" else No(switch=switch, waits_for="owner")


flow = Flow(
    "lamps",
    version=1,
    data=Lamp,
    facts=[switch],
    states=[
        State(S.waiting, "等着", To(S.lit, when=switched_on), waits_for="owner"),
        State(S.lit, "亮了", final=True),
    ],
)


def test_a_guard_is_called_with_values() -> None:
    assert switched_on("on")
    assert not switched_on("off")


def test_a_guard_that_needs_a_fact_asks_for_it_by_name() -> None:
    with pytest.raises(Missing, match="switch"):
        Plan(flow).decide(Evaluation("waiting", given={}))


def test_the_first_line_whose_guards_all_hold_is_taken() -> None:
    line = Plan(flow).decide(Evaluation("waiting", given={"switch": "on"}))

    assert line is not None
    assert line.dest == S.lit


def test_if_no_line_holds_the_case_waits_and_the_verdict_says_why() -> None:
    look = Evaluation("waiting", given={"switch": "off"})

    assert Plan(flow).decide(look) is None
    verdict = look.verdicts["switched_on"]
    assert isinstance(verdict, No)
    assert (verdict.seen, verdict.waits_for) == ({"switch": "off"}, "owner")


def test_a_table_that_contradicts_itself_does_not_import() -> None:
    with pytest.raises(DefinitionError, match=r"waiting.*has no way out; say final=True if it is meant to end here"):
        Flow("lamps", version=1, data=Lamp, states=[State(S.waiting, "等着", waits_for="owner")])
