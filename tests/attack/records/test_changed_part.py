"""Which kinds of tampering the audit of the changed part finds, and which only that of the whole record."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.attack.records.kinds import KINDS, Attempt
from tests.attack.records.record import Original, SetClock, copied, hand, original
from tests.servers import database_of_its_own
from workflow.engine.audit import inspect_record
from workflow.record.database import open_database
from workflow.record.identity import open_keys
from workflow.record.values import Commit, Entry
from workflow.store import Store

ALWAYS = {
    "anchors cut at the end", "anchors cut at the front", "anchors one taken out", "anchors turned round",
    "anchors half a line", "anchors one twice", "the_file_of_anchors_taken_away", "the_newest_anchor_forgotten",
    "the_newest_anchor_set_back", "a_case_without_events",
}  # fmt: skip
"""Found in any case: the file of anchors or the numbers do not end as the database knows it."""
BY_CHANCE = {"a_case_taken_away_whole", "a_case_taken_away_alone"}
"""Found where it is the newest case; test_the_newest_case_is_missed has them."""
NEVER = {"anchors one changed"}
"""A line before the newest one, with not a byte more or less."""


async def found(sound: Original, folder: Path, seed: int, name: str) -> bool | None:
    """Whether the audit of the changed part finds it; None where there is no row for it. That of the whole always does.

    What is found in a part is found in the whole, under the same mark: who acknowledges the one has seen the other.
    """
    with copied(sound, folder, f"part_{seed}") as (url, place):
        with hand(url) as rows:
            if KINDS[name](Attempt(rows, place, random.Random(seed), sound)) is None:
                return None
        engine = open_database(url)
        try:
            store, anchors = (
                Store(engine, await open_keys(engine, place / "keys.json"), "test"),
                place / "anchors.jsonl",
            )
            clock = SetClock(sound.desk)
            part = await inspect_record(store, clock, anchors, changed=True)  # type: ignore[arg-type]
            whole = await inspect_record(store, clock, anchors)  # type: ignore[arg-type]
        finally:
            await engine.dispose()
    assert not whole.sound, f"the whole audit misses {name}"
    assert {one.mark for one in part.findings} <= {one.mark for one in whole.findings}, name
    return not part.sound


async def went_on(sound: Original) -> None:
    """Each case is written once more, after the last audit."""
    for row in await sound.desk.store.cases():
        noted = Entry("noted", {"text": "it goes on"}, "person:clerk", "so")
        await sound.desk.command(row.claim.case, Commit(guard="epoch", entries=(noted,)))


@pytest.mark.parametrize("written", [False, True])
async def test_each_kind_is_found_in_the_part_that_was_written_since(tmp_path: Path, written: bool) -> None:
    came: dict[str, bool | None] = {}
    async with original(tmp_path / "sound") as sound:
        if written:
            await went_on(sound)
        await sound.desk.store.engine.dispose()
        for seed, name in enumerate(KINDS):
            came[name] = await found(sound, tmp_path / "copy", seed, name)
    tried = {name for name, one in came.items() if one is not None} - BY_CHANCE
    assert len(tried) > len(KINDS) * 0.9
    assert {name for name in tried if came[name]} == tried & (set(KINDS) - NEVER if written else ALWAYS)


@pytest.mark.postgres
async def test_and_so_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    url = await database_of_its_own(postgres_url, "parts")
    async with original(tmp_path / "sound", url) as sound:
        await sound.desk.store.engine.dispose()
        some = list(KINDS)[::9]
        before = {name: await found(sound, tmp_path / "copy", seed, name) for seed, name in enumerate(some)}
        await went_on(sound)
        await sound.desk.store.engine.dispose()
        after = {name: await found(sound, tmp_path / "copy", seed, name) for seed, name in enumerate(some)}
    for name in some:
        if name not in BY_CHANCE and after[name] is not None:
            assert (before[name], after[name]) == (name in ALWAYS, name not in NEVER), name


async def test_the_newest_case_is_missed_at_once_and_an_older_one_by_the_whole_audit(tmp_path: Path) -> None:
    async with original(tmp_path / "sound") as sound:
        for number, soon in (("RZ-0006", True), ("RZ-0002", False)):
            with copied(sound, tmp_path / "copy", f"gone_{number[-1]}") as (url, place):
                with hand(url) as rows:
                    rows.write("DELETE FROM cases WHERE number = ?", number)
                engine = open_database(url)
                store, anchors = Store(engine, sound.desk.store.vault, "test"), place / "anchors.jsonl"
                for changed in (True, False):
                    clock = SetClock(sound.desk)
                    came = await inspect_record(store, clock, anchors, changed=changed)  # type: ignore[arg-type]
                    said = "6 were given out, 5 cases are there"
                    assert (said in [one.what for one in came.findings]) == (soon or not changed)
                await engine.dispose()
