"""A worker dies at every step of a registration, and another one brings it to the same end, nothing done twice."""

from __future__ import annotations

import pytest

from tests.crash.campaign import Campaign, campaign, kind
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


@pytest.fixture(scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return await campaign(STORIES, tmp_path_factory.mktemp("campaign"))


def test_each_story_ends_well_when_nobody_dies(played: Campaign) -> None:
    assert {ran.story: ran.problems for ran in played.quiet} == {story.name: () for story in STORIES}


def test_whoever_dies_wherever_the_end_is_the_same_and_the_ledger_clean(played: Campaign) -> None:
    wrong = {f"{ran.story}, killed at {'; '.join(ran.killed)}": ran.problems for ran in played.ran if ran.problems}
    assert wrong == {}


def test_somebody_died_at_every_step(played: Campaign) -> None:
    assert played.missed == {}
    assert sum(len(ran.killed) for ran in played.ran) > 150


def test_every_irreversible_call_was_died_at_before_it_at_the_gate_and_after_it(played: Campaign) -> None:
    killed = set().union(*played.killed.values())
    wanted = {f"call {name}: {at}" for name, all_ in IRREVERSIBLE.items() for at in all_}
    assert wanted - killed == set()


@pytest.mark.parametrize(
    "step",
    [
        "commit claim copyright by http",
        "commit claim copyright by browser",
        "commit commit copyright unprocessed round 0: decided, place_order intended",
        "journal place_order  round 0",
        "commit commit copyright unprocessed round 0: place_order done",
        "commit _many copyright: waits",
        "commit command copyright awaiting_seal round 0 by http",
        "commit commit copyright needs_correction round 1: decided, place_order intended",
        "commit _many copyright submitted round 0: moved to needs_correction",
        "journal confirm  round 1",
    ],
)
def test_among_the_steps_are(played: Campaign, step: str) -> None:
    kinds = {kind(one) for killed in played.killed.values() for one in killed}
    assert {f"{step}: before", f"{step}: after"} <= kinds
