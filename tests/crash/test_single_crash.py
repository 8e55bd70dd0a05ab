"""A worker dies at every step of a registration, and another one brings it to the same end, nothing done twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.crash.campaign import Post, kind, tell
from tests.crash.play import Story
from tests.crash.stories import STORIES

IRREVERSIBLE = {
    "place round 0": ("before", "after"),
    "pay": ("before", "after"),
    "request_code round 0": ("before", "through the gate", "after"),
    "enter_codes round 0": ("before", "through the gate", "after"),
    "upload_seal_page round 0": ("before", "through the gate", "after"),
    "confirm round 0": ("before", "through the gate", "after"),
    "place round 1": ("before", "after"),
    "confirm round 1": ("before", "through the gate", "after"),
    "send": ("before", "after"),
}


@dataclass
class Campaign:
    """What the stories have come to so far; kinds of steps that one has died at are none of the next one's."""

    posts: list[Post]
    known: set[str] = field(default_factory=set)
    killed: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def campaign() -> Iterator[Campaign]:
    posts = [Post(), Post()]
    yield Campaign(posts)
    for post in posts:
        post.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_whoever_dies_wherever_the_end_is_the_same_and_the_ledger_clean(
    story: Story, campaign: Campaign, tmp_path: Path
) -> None:
    told = await tell(story, tmp_path, campaign.posts, campaign.known)
    campaign.killed |= told.killed

    assert told.quiet.problems == ()
    wrong = {f"killed at {'; '.join(ran.killed)}": ran.problems for ran in told.ran if ran.problems}
    assert wrong == {}
    assert told.missed == frozenset()


def test_somebody_died_at_every_irreversible_call_before_it_at_the_gate_and_after_it(campaign: Campaign) -> None:
    wanted = {f"call {name}: {at}" for name, all_ in IRREVERSIBLE.items() for at in all_}
    assert wanted - campaign.killed == set()
    assert len(campaign.killed) > 150


@pytest.mark.parametrize(
    "step",
    [
        "commit claim copyright by http",
        "commit claim copyright by browser",
        "commit commit copyright unprocessed round 0: decided, place_order intended",
        "journal place_order  round 0",
        "commit commit copyright unprocessed round 0: place_order done",
        "commit commit_many copyright: waits",
        "commit command copyright awaiting_seal round 0 by http",
        "commit commit copyright needs_correction round 1: decided, place_order intended",
        "commit commit_many copyright submitted round 0: moved to needs_correction",
        "journal confirm  round 1",
    ],
)
def test_among_the_steps_are(campaign: Campaign, step: str) -> None:
    kinds = {kind(one) for one in campaign.killed}
    assert {f"{step}: before", f"{step}: after"} <= kinds
