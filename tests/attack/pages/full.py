"""The attack on pages at full size: every element of every irreversible page changed, and nobody may click."""

from __future__ import annotations

from tests.attack.pages.by_contract import by_the_double, in_chromium


async def attack() -> dict[str, object]:
    double, chromium = await by_the_double(), await in_chromium()
    shortcomings = [*double.pop("shortcomings"), *chromium.pop("shortcomings")]
    return {"double": double, "chromium": chromium, "shortcomings": shortcomings}
