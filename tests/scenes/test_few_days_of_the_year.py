"""A few days of the year: matters of several kinds end rightly."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.year.kinds.table import KINDS
from tests.year.office import Pace
from tests.year.played import play

PLAYED = ("refused", "withdrawn", "same_title")
TWO_DAYS = Pace(waves=1, days=((0, 1, 2, 4, 7), (4, 7)), last=timedelta(0))


async def test_a_few_days_of_the_year_end_rightly(tmp_path: Path) -> None:
    few = [KINDS[name] for name in PLAYED]
    figures = await play(tmp_path, few, matters=len(few), seed=9, pace=TWO_DAYS)
    assert figures["shortcomings"] == []
    assert figures["ends"] == {"granted": 2, "rejected": 1, "waits for operator": 1}
    assert figures["reasons"] == {"right": 1, "wrong": 0}
