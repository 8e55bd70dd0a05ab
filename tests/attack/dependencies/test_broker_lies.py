"""A broker that answers wrongly costs nobody more than a moment: the database is the queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.dependencies.full import under_a_lying_broker

SOME = (("out of memory", "replica"), ("wrong type", "noise"))


@pytest.mark.parametrize("ways", SOME, ids=" ".join)
async def test_due_matters_are_claimed_whatever_the_broker_says(tmp_path: Path, ways: tuple[str, ...]) -> None:
    found = await under_a_lying_broker(tmp_path, ways, hold=2)
    assert found["shortcomings"] == []
