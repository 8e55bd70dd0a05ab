"""How a state is shown follows from what its table says of it, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

import pytest

from caseward.demonstration.ticker import COLOURS
from states.accounts import flow as accounts
from states.copyright.flow import flow as registration
from tests.engine.letters import Letter
from workflow import Case, DefinitionError, Flow, State, To, Verdict, Yes
from workflow.flow.lines import StateKind


class V(StrEnum):
    asked = "asked"
    stuck = "stuck"
    slow = "slow"
    issued = "issued"
    refused = "refused"


KINDS: dict[str, StateKind] = {
    "asked": "works", "stuck": "person", "slow": "works", "issued": "ended_well", "refused": "ended_badly",
}  # fmt: skip


def test_a_strangers_states_are_shown_by_what_they_are() -> None:
    lines = [To(one, when=_of(one)) for one in (V.stuck, V.slow, V.issued, V.refused)]
    flow = Flow(
        "visas",
        version=1,
        data=Letter,
        prefix="V",
        states=[
            State(V.asked, "asked", *lines, waits_for="office"),
            State(V.stuck, "stuck", To(V.asked), waits_for="operator"),
            State(V.slow, "slow", To(V.asked), waits_for="office", incident=True, told_after=timedelta(hours=2)),
            State(V.issued, "issued", final=True),
            State(V.refused, "refused", final=True, ends_badly=True),
        ],
    )
    assert {str(state.name): state.kind for state in flow.states} == KINDS


def test_those_of_this_house_keep_their_colours() -> None:
    shown = {str(one.name): COLOURS.get(one.kind) for flow in (registration, accounts) for one in flow.states}
    assert {name: colour for name, colour in shown.items() if colour} == {
        "granted": "green", "rejected": "red", "needs_person": "yellow", "wrong_password": "yellow",
    }  # fmt: skip


def test_only_a_final_state_ends_badly() -> None:
    states = [State(V.asked, "asked", To(V.issued), waits_for="office", ends_badly=True)]
    with pytest.raises(DefinitionError, match="ends badly but is not final; say final=True"):
        Flow("visas", version=1, data=Letter, prefix="V", states=[*states, State(V.issued, "issued", final=True)])


def _of(state: V) -> Callable[[Case[Letter]], Verdict]:
    def holds(case: Case[Letter]) -> Verdict:
        return Yes()

    holds.__name__ = f"goes_{state}"
    return holds
