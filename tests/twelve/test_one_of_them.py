"""One of the twelve on two plain workers, one with a browser, and two beats, its broker killed half-way.

All twelve take minutes: `python -m tests.twelve`, whose figures stand in docs/measured.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.browser.chromium_search import Found
from tests.twelve.installation import installed
from tests.twelve.judging import shortcomings
from tests.twelve.story import REJECTED, Asked, played

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


async def test_it_comes_to_its_end_whatever_becomes_of_the_broker(
    postgres_url: str, chromium: Found, tmp_path: Path
) -> None:
    async with installed(postgres_url, chromium, tmp_path) as on:
        came = await played(on, Asked([REJECTED], dies_at=1))
    assert shortcomings(came, granted=0, rejected=1) == []
    assert came.figures["broker"]["killed"] == 1
