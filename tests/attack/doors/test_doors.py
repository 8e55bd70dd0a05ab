"""A small flood: some of what the full attack hands in, at each door of the command line."""

from __future__ import annotations

import random
from pathlib import Path

import caseward.cli  # read before the first knock, which is a copy of this process
from tests.attack.doors.doors import Door, doors
from tests.attack.doors.full import flood

SEED, SHARE = 20261127, 0.007


def test_every_door_is_found() -> None:
    """A new command is knocked at as soon as it is there; these are the doors of today, at least."""
    found = doors()
    assert len(found) >= 142
    assert sum(door.file for door in found) >= 7
    assert caseward.cli.run is not None


def test_whatever_is_handed_in_is_taken_or_refused_with_a_cure(tmp_path: Path) -> None:
    dice = random.Random(SEED)

    def chosen(door: Door | None, given: str) -> bool:
        return dice.random() < (SHARE if door is not None and not door.file else 3 * SHARE)

    figures = flood(tmp_path, chosen)
    assert figures["shortcomings"] == []
    assert figures["knocks"] > 60
