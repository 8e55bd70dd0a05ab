"""What every test may ask for: the Chromium that starts on this machine."""

from pathlib import Path

import pytest

from adapters.chromium import Found, find

BROWSERS = Path(__file__).resolve().parents[1] / "caseward-data" / "browsers"


@pytest.fixture(scope="session")
async def chromium() -> Found:
    """A Chromium that opened a page here, fetched if this machine has none."""
    found = await find(browsers=BROWSERS, install=True)
    if not isinstance(found, Found):
        pytest.fail(str(found), pytrace=False)
    return found
