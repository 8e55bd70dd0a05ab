"""Replay asks today's guards about yesterday's facts."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum, auto
from pathlib import Path
from typing import Protocol

import pytest
from pydantic import BaseModel, ConfigDict

from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, Stay, To
from workflow.flow.functions import fact
from workflow.flow.replay import Replayed, replay
from workflow.record.events import Event
from workflow.testing import bench


class S(StrEnum):
    sown = auto()
    green = auto()
    ripe = auto()


class Plant(BaseModel):
    model_config = ConfigDict(frozen=True)
    height: int = 0


class Seen(BaseModel):
    model_config = ConfigDict(frozen=True)
    height: int


class Garden(Protocol):
    async def height(self) -> int: ...


class Bed:
    def __init__(self, height: int) -> None:
        self._height = height

    async def height(self) -> int:
        return self._height


@fact
async def seen(case: Case[Plant], garden: Garden) -> Seen:
    return Seen(height=await garden.height())


@fact
async def weather(garden: Garden) -> str:
    return "sun"


def grown(case: Case[Plant], seen: Seen) -> bool:
    return seen.height > case.data.height


def tall(seen: Seen) -> bool:
    return seen.height >= 10


def very_tall(seen: Seen) -> bool:
    return seen.height >= 100


def sunny(weather: str) -> bool:
    return weather == "sun"


def garden(*ripening: To) -> Plan:
    states = [
        State(
            S.sown, "播", Stay(when=grown, learn={"height": "seen.height"}), To(S.green, when=tall), waits_for="nobody"
        ),
        State(S.green, "绿", *ripening, waits_for="nobody"),
        State(S.ripe, "熟", final=True),
    ]
    return Plan(Flow("plants", version=1, data=Plant, facts=[seen, weather], states=states))


@pytest.fixture
async def told(tmp_path: Path) -> list[Replayed]:
    """What replay says of one plant's way, by the table it went by."""
    return list(replay(garden(To(S.ripe, when=tall)), await grown_up(tmp_path)))


async def grown_up(folder: Path) -> Sequence[Event]:
    async with bench(garden(To(S.ripe, when=tall)), folder, adapters={Garden: Bed(12)}) as at_work:
        await at_work.open(Plant())
        await at_work.run(S.ripe)
        return await at_work.events()


async def test_the_same_table_decides_the_same(told: list[Replayed]) -> None:
    assert [(one.state, one.verdict) for one in told] == [("sown", "same"), ("sown", "same"), ("green", "same")]


async def test_another_table_differs_where_it_would_have_gone_another_way(tmp_path: Path) -> None:
    stricter = garden(To(S.ripe, when=very_tall))
    *before, last = replay(stricter, await grown_up(tmp_path))

    assert [one.verdict for one in before] == ["same", "same"]
    assert (last.verdict, last.was, last.now) == ("differs", "ripe[tall]", None)


async def test_a_table_that_asks_what_nobody_asked_then_is_undecidable(tmp_path: Path) -> None:
    curious = garden(To(S.ripe, when=[sunny, tall]))
    *_, last = replay(curious, await grown_up(tmp_path))

    assert (last.verdict, last.missing) == ("undecidable", "weather")
