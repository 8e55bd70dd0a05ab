"""The journal outside the database is whole after every crash, and every line of it can be read again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workflow.record.journal import KEPT, Journal
from workflow.record.values import Effect, EffectStatus, Epoch

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CALL = Effect("k1", "confirm", "", None, 0, 1, 1, EffectStatus.intended, Epoch(0, 3), "host/1/2", NOW)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data" / "journal.jsonl")


async def test_a_call_is_read_back_as_it_was_noted(journal: Journal) -> None:
    await journal.note("case-1", replace(CALL, item={"owner": "o1"}, item_id="o1/1"))

    (noted,) = journal.read()
    assert (noted.case, noted.effect.key, noted.effect.attempt, noted.effect.epoch) == ("case-1", "k1", 1, Epoch(0, 3))
    assert (noted.effect.item, noted.effect.item_id) == ({"owner": "o1"}, "o1/1")
    assert noted.effect.status is EffectStatus.unknown


@pytest.mark.parametrize("left", [1, 40, -2, -1])
async def test_a_line_that_a_crash_cut_short_is_no_call_and_spoils_no_later_one(journal: Journal, left: int) -> None:
    await journal.note("case-1", CALL)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + whole[:left])

    await journal.note("case-2", replace(CALL, key="k2"))

    assert [noted.effect.key for noted in journal.read()] == ["k1", "k2"]


async def test_a_torn_line_alone_is_an_empty_journal(journal: Journal) -> None:
    await journal.note("case-1", CALL)
    journal.path.write_bytes("半行".encode()[:4])

    journal.forget(NOW)
    assert list(journal.read()) == []


async def test_words_that_look_like_the_end_of_a_line_are_not_one(journal: Journal) -> None:
    strange = {"note": "a\u2028b\x85c\x0bd"}
    await journal.note("case-1", replace(CALL, item=strange))
    await journal.note("case-1", replace(CALL, key="k2"))

    assert [noted.effect.item for noted in journal.read()] == [strange, None]


async def test_calls_are_forgotten_after_thirty_days_and_not_before(journal: Journal) -> None:
    for day in range(40):
        await journal.note("case-1", replace(CALL, key=f"k{day}", intended_at=NOW + timedelta(days=day)))
        journal.forget(NOW + timedelta(days=day))
        kept = [int(noted.effect.key[1:]) for noted in journal.read()]
        assert kept == list(range(max(day - KEPT.days, 0), day + 1))


@pytest.mark.parametrize("wrong", [timedelta(days=3650), timedelta(days=400)])
async def test_a_clock_that_is_years_ahead_at_one_start_forgets_no_call(journal: Journal, wrong: timedelta) -> None:
    """A worker began in that minute, and the journal was empty: a backup that is restored would have forgotten all."""
    await journal.note("case-1", CALL)
    await journal.note("case-1", replace(CALL, key="k2", intended_at=NOW + wrong))
    journal.forget(NOW + wrong + timedelta(hours=1))
    assert [noted.effect.key for noted in journal.read()] == ["k1", "k2"]
    journal.forget(NOW + timedelta(hours=1))
    assert [noted.effect.key for noted in journal.read()] == ["k1", "k2"]


async def test_no_line_is_lost_to_a_process_that_forgets_meanwhile(journal: Journal) -> None:
    await journal.note("case-1", replace(CALL, intended_at=NOW - KEPT))
    await journal.note("case-1", replace(CALL, key="k2", intended_at=NOW))
    other = Journal(journal.path)

    async def forget() -> None:
        await asyncio.to_thread(other.forget, NOW + timedelta(days=1))

    noting = [
        journal.note("case-1", replace(CALL, key=f"n{n}", intended_at=NOW + timedelta(days=1))) for n in range(20)
    ]
    await asyncio.gather(*noting, *(forget() for _ in range(10)))

    assert {noted.effect.key for noted in journal.read()} == {"k2", *(f"n{n}" for n in range(20))}
