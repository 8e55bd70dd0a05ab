"""What an author can get wrong is said while the flow is imported, with place and cure; what is right is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.flows import wrong_tables, wrong_types
from tests.flows.paper_values import Asks, Office, OfficeWithPost, S
from tests.flows.papers import flow, good, posted
from tests.flows.right_tables import RIGHT
from workflow import DefinitionError, To
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remote, Remotes
from workflow.testing import bench

WRONG = wrong_tables.WRONG | wrong_types.WRONG


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_is_refused_with_place_and_cure(wrong: str) -> None:
    make, said = WRONG[wrong]
    with pytest.raises(DefinitionError) as refused:
        make()
    assert said in str(refused.value)
    assert refused.value.where
    assert refused.value.cure


@pytest.mark.parametrize("right", RIGHT)
def test_what_is_right_is_taken(right: str) -> None:
    assert Plan(RIGHT[right]()).flow.name == "papers"


def _posting() -> Plan:
    return Plan(flow(To(S.done, when=good), facts=[posted, *flow(To(S.done, when=good)).facts]))


async def test_an_adapter_that_lacks_a_method_is_refused_at_start(tmp_path: Path) -> None:
    async with bench(_posting(), tmp_path, adapters={Office: Asks(), OfficeWithPost: Asks()}) as at_work:
        with pytest.raises(DefinitionError) as refused:
            at_work.engine.check()
    assert str(refused.value) == "papers: fact posted: Asks, which stands behind OfficeWithPost, lacks post; write it"


@pytest.mark.parametrize("behind", [Asks, None])
def test_an_adapter_that_is_no_instance_is_refused_at_start(behind: Any) -> None:
    remotes = Remotes([Remote("office", Office, Asks()), Remote("post", OfficeWithPost, behind)])
    if behind is None:  # nothing is opened here: only the tables are checked
        assert remotes.check(_posting()) == []
        return
    with pytest.raises(DefinitionError, match=r"Asks stands behind OfficeWithPost as a class; give an instance"):
        remotes.check(_posting())
