"""All changed pages of all irreversible steps, by the double and in a real Chromium, and what came of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from adapters.browser.chromium_process import Browser, Deadlines
from adapters.browser.chromium_search import Found as Chromium
from adapters.browser.chromium_search import find
from tests.attack.pages.contracts import STEPS, Found, Ground
from tests.attack.pages.grounds import changing
from tests.conftest import BROWSERS


async def by_the_double(share: int = 1) -> dict[str, Any]:
    """`share` n tries every n-th change."""
    with tempfile.TemporaryDirectory() as folder:
        return await _all(Path(folder), None, share)


async def in_chromium(share: int = 1) -> dict[str, Any]:
    found = await find(browsers=BROWSERS, install=True)
    if not isinstance(found, Chromium):
        return {"shortcomings": [str(found)]}
    browser = Browser(found, Deadlines(page=5.0, step=15.0))
    try:
        with tempfile.TemporaryDirectory() as folder:
            return await _all(Path(folder), browser, share)
    finally:
        await browser.close()


async def _all(folder: Path, browser: Browser | None, share: int) -> dict[str, Any]:
    changed, harmless = [], []
    with changing(folder, browser) as (office, hand):
        for place, step in enumerate(STEPS):
            ground = Ground(office, hand, f"office-{20 + place}")
            changed.append(await ground.tries(step, lambda number: number % share == 0))
            harmless.append(await ground.let_through(step, *(() if share == 1 else ("all at once",))))
    return {
        "steps": len(STEPS),
        "changed": {found.step: found.tried for found in changed},
        "clicked": sum(len(found.clicked) for found in changed),
        "harmless": sum(found.tried for found in harmless),
        "harmless_stopped": sum(len(found.stopped) for found in harmless),
        "shortcomings": _shortcomings([*changed, *harmless]),
    }


def _shortcomings(each: Iterable[Found]) -> list[str]:
    return [told for found in each for told in found.shortcomings]
