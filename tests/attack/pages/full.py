"""The attack on pages at full size: every element of every page changed; nobody clicks, and nobody reads otherwise.

The double of the pages tries every change; Chromium, which takes half a second for each, every fifth.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from adapters.browser.chromium_process import Browser, Deadlines
from adapters.browser.chromium_search import Found, find
from tests.attack.pages.by_contract import by_the_double, in_chromium
from tests.attack.pages.contracts import Ground
from tests.attack.pages.grounds import changing
from tests.attack.pages.reading import QUESTIONS, answers
from tests.conftest import BROWSERS

CHROMIUM_SHARE = 5


async def attack() -> dict[str, object]:
    double, chromium = await by_the_double(), await in_chromium(CHROMIUM_SHARE)
    found = await find(browsers=BROWSERS, install=True)
    if not isinstance(found, Found):
        return {"shortcomings": [str(found)]}
    browser = Browser(found, Deadlines(page=5.0, step=15.0))
    try:
        read = {"double": await _read(None), "chromium": await _read(browser)}
    finally:
        await browser.close()
    parts = [double, chromium, *read.values()]
    shortcomings = [one for part in parts for one in part.pop("shortcomings")]
    return {"clicks": {"double": double, "chromium": chromium}, "reading": read, "shortcomings": shortcomings}


async def _read(browser: Browser | None) -> dict[str, Any]:
    """Each changed page of each question: how many were tried, refused, and read as before."""
    share = 1 if browser is None else CHROMIUM_SHARE
    with tempfile.TemporaryDirectory() as folder, changing(Path(folder), browser) as (office, hand):
        each = [
            await answers(Ground(office, hand, f"office-{20 + place}"), question, lambda number: number % share == 0)
            for place, question in enumerate(QUESTIONS)
        ]
    return {
        "questions": len(each),
        "changed": {one.question: one.tried for one in each},
        "refused": sum(one.drifted for one in each),
        "read_as_before": sum(one.same for one in each),
        "read_otherwise": sum(len(one.made_up) for one in each),
        "shortcomings": [told for one in each for told in one.shortcomings],
    }
