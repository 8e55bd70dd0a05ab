"""A worker dies around each call that cannot be undone, and another one brings the registration to the same end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.crash.campaign import Post, kind, tell
from tests.crash.play import Story
from tests.crash.stories import STORIES
from tests.crash.wanted import AROUND_CALLS, BESIDE


@dataclass
class Campaign:
    """What the stories have come to so far; kinds of steps that one has died at are none of the next one's."""

    posts: list[Post]
    known: set[str] = field(default_factory=set)
    killed: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def campaign() -> Iterator[Campaign]:
    posts = [Post(), Post()]
    yield Campaign(posts)
    for post in posts:
        post.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_whoever_dies_around_a_call_the_end_is_the_same_and_the_ledger_clean(
    story: Story, campaign: Campaign, tmp_path: Path
) -> None:
    """`make attack ARGS=crashes` kills at every step of every kind."""
    told = await tell(story, tmp_path, campaign.posts, campaign.known, lambda step: step in AROUND_CALLS)
    campaign.killed |= told.killed
    campaign.seen |= {kind(step) for step in told.quiet.steps}

    assert told.shortcomings == []


def test_somebody_died_at_every_irreversible_call_before_it_at_the_gate_and_after_it(campaign: Campaign) -> None:
    assert AROUND_CALLS - campaign.killed == set()


@pytest.mark.parametrize("step", sorted(BESIDE))
def test_among_the_steps_are(campaign: Campaign, step: str) -> None:
    """So that whoever kills at every step has killed there as well."""
    assert step in campaign.seen
