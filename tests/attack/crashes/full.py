"""A worker dies at every step of a registration, once of each kind, and another one brings it to the same end."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.crash.campaign import Post, kind, tell
from tests.crash.stories import STORIES
from tests.crash.wanted import AROUND_CALLS, BESIDE


async def attack() -> dict[str, Any]:
    """Every story, with a death at every kind of step that no story before had."""
    posts, known, killed = [Post(), Post()], set[str](), set[str]()
    runs, shortcomings = 0, list[str]()
    try:
        with tempfile.TemporaryDirectory(prefix="caseward-crashes-") as folder:
            for number, story in enumerate(STORIES):
                told = await tell(story, Path(folder) / str(number), posts, known)
                killed |= told.killed
                runs += 1 + len(told.ran)
                shortcomings += [f"{story.name}: {each}" for each in told.shortcomings]
    finally:
        for post in posts:
            post.close()
    left = (AROUND_CALLS - killed) | (BESIDE - {kind(step) for step in killed})
    shortcomings += [f"nobody died at {step}" for step in sorted(left)]
    return {"stories": len(STORIES), "runs": runs, "deaths": len(killed), "shortcomings": shortcomings}
