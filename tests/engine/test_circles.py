"""A flow that goes round in no time: the bench's clock never goes on and no look is in vain, and its run ends."""

from __future__ import annotations

from enum import StrEnum, auto

import pytest
from pydantic import BaseModel, ConfigDict

from workflow.flow.case import Case
from workflow.flow.definition import Flow, State, To
from workflow.testing import StillWaiting, bench


class Gift(BaseModel):
    model_config = ConfigDict(frozen=True)
    thing: str


class S(StrEnum):
    here = auto()
    there = auto()
    end = auto()


def is_lamp(case: Case[Gift]) -> bool:
    return case.data.thing == "lamp"


def is_vase(case: Case[Gift]) -> bool:
    return case.data.thing == "vase"


@pytest.mark.parametrize("turns_to", [S.there, S.here])
async def test_a_flow_that_goes_round_in_no_time_ends_its_run(turns_to: S) -> None:
    states = [
        State(S.here, "这里", To(turns_to, when=is_lamp), To(S.there, when=is_vase), waits_for="friend"),
        State(S.there, "那里", To(S.here, when=is_lamp), To(S.end, when=is_vase), waits_for="friend"),
        State(S.end, "完", final=True),
    ]
    async with bench(Flow("rounds", version=1, data=Gift, facts=[], prefix="RD", states=states)) as at:
        await at.open(Gift(thing="lamp"))
        with pytest.raises(StillWaiting, match="20 looks in a row moved something while the clock stood still"):
            await at.run(S.end, looks=20)
