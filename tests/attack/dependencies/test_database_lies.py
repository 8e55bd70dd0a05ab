"""A PostgreSQL that answers wrongly costs a moment: cases are claimed, bought for once, and nobody dies of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.dependencies.database import under_a_lying_database

pytestmark = pytest.mark.postgres
SOME = ("out of memory", "cut after commit")


async def test_due_matters_are_claimed_whatever_the_database_says(postgres_url: str, tmp_path: Path) -> None:
    found = await under_a_lying_database(tmp_path, postgres_url, SOME, hold=2)
    assert found["shortcomings"] == []
