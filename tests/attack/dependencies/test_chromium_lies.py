"""A Chromium that answers wrongly costs one look, which ends in its bound; the next one has a good browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.browser.chromium_search import Found
from tests.attack.dependencies.chromium import under_a_lying_chromium

pytestmark = pytest.mark.browser
SOME = ("a script without end", "a download", "a tab that is out of memory", "a program that says nothing")


async def test_a_look_ends_in_its_bound_and_the_next_is_good(chromium: Found, tmp_path: Path) -> None:
    found = await under_a_lying_chromium(tmp_path, chromium, SOME)
    assert found["shortcomings"] == []
