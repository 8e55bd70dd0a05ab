"""Records tampered with at full size: every kind, again and again, on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
import tempfile
import time
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

from tests.attack.records.kinds import KINDS, Attempt, Bad
from tests.attack.records.record import Original, SetClock, copied, hand, original
from tests.servers import database_of_its_own, server
from workflow.engine.audit import inspect_record
from workflow.record.database import open_database
from workflow.record.identity import open_keys
from workflow.store import Store

TRIES = 1_050
POSTGRES_TRIES = 1_050


async def tried(sound: Original, folder: Path, names: list[str], seed: int, tries: int) -> dict[str, Any]:
    """So many tries, the kinds in turn, each on a copy of its own."""
    chance, wrong, done = random.Random(seed), list[str](), Counter[str]()
    await sound.desk.store.engine.dispose()
    for number in range(tries):
        name = names[number % len(names)]
        with copied(sound, folder / "copy", f"copy_{seed}_{number}") as (url, place):
            with hand(url) as rows:
                expected = KINDS[name](Attempt(rows, place, chance, sound))
            if expected is None:
                continue
            done[name] += 1
            wrong += [
                f"seed {seed}, try {number}, {name}: {said}" for said in await judged(url, place, sound, expected)
            ]
    return {"tries": done.total(), "kinds": len(done), "shortcomings": wrong}


async def judged(url: str, folder: Path, sound: Original, expected: Bad | None) -> list[str]:
    """What is wrong with the watchman's answer about this record; expected is None for a sound one."""
    engine = open_database(url)
    try:
        store = Store(engine, await open_keys(engine, folder / "keys.json"), "test")
        await store.seal_old(folder / "anchors.jsonl")  # as every command does when it opens a record
        findings = (await inspect_record(store, SetClock(sound.desk), folder / "anchors.jsonl")).findings  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - whatever it raises, the watchman has ended
        return [f"ended by {type(error).__name__}: {error}"[:300]]
    finally:
        await engine.dispose()
    if expected is None:
        return [f"false alarm: {one}" for one in findings]
    if not findings:
        return ["not found"]
    first = findings[0]
    if first.number not in expected.numbers or first.place.split()[0] not in expected.places:
        return [f"points elsewhere: {first}, not {sorted(expected.numbers)} {sorted(expected.places)}"]
    return []


async def large(folder: Path, events: int, cases: int) -> dict[str, Any]:
    """How long the watchman needs for a record of so many events, and how much memory."""
    async with original(folder, cases=0) as sound:
        desk, left = sound.desk, events
        opened = await desk.open(cases, data={"title": "A", "note": "x" * 200})
        await _fill(sound, [one.case for one in opened], left // cases)
        tracemalloc.start()
        begun, worked = time.perf_counter(), time.process_time()
        found = await inspect_record(desk.store, SetClock(desk), sound.anchors)  # type: ignore[arg-type]
        took, busy = time.perf_counter() - begun, time.process_time() - worked
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        begun = time.perf_counter()
        await inspect_record(desk.store, SetClock(desk), sound.anchors)  # type: ignore[arg-type]
        took = time.perf_counter() - begun
    return {
        "events": found.events, "seconds": round(took, 2), "of_them_busy_traced": round(busy, 2),
        "megabytes": round(most / 1e6, 1), "findings": len(found.findings),
    }  # fmt: skip


async def _fill(sound: Original, cases: list[str], each: int) -> None:
    from workflow.record.events import chain
    from workflow.record.seals import make_seal
    from workflow.record.tables import cases as table
    from workflow.record.values import Entry
    from workflow.store.rows import fields

    ring = sound.desk.store.vault.chain
    with hand(sound.url) as rows:
        for case in cases:
            (first,) = rows.read('SELECT hash FROM events WHERE "case" = ? AND seq = 1', case)
            entries = [
                Entry("changed", {"patch": {"note": f"{n}" * 40}}, "person:clerk", "why") for n in range(each - 1)
            ]
            written = chain(
                entries, case=case, after=(1, bytes(first["hash"])), at=sound.desk.now, flow_version=1, revision="t",
                ring=ring,
            )  # fmt: skip
            for event in written:
                rows.put(
                    "events",
                    {**fields(event), "at": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z")},
                )
            (row,) = rows.read("SELECT * FROM cases WHERE id = ?", case)
            data = '{"note":"' + f"{each - 2}" * 40 + '","title":"A"}'
            row |= {"seq": each, "head": written[-1].hash.hex(), "data": data}
            rows.write(
                "UPDATE cases SET seq = ?, head = ?, data = ?, seal = ? WHERE id = ?",
                row["seq"], row["head"], data, make_seal(ring, table, row), case,
            )  # fmt: skip


async def attack() -> dict[str, Any]:
    names = list(KINDS)
    with tempfile.TemporaryDirectory(prefix="caseward-records-") as made:
        folder = Path(made)
        async with original(folder / "sound") as sound:
            untouched = await judged(sound.url, sound.folder, sound, None)
            lite = await tried(sound, folder, names, 1, TRIES)
        async with server() as address:
            url = await database_of_its_own(address, "records")
            async with original(folder / "served", url) as sound:
                untouched += await judged(sound.url, sound.folder, sound, None)
                served = await tried(sound, folder, names, 2, POSTGRES_TRIES)
        many, one = await large(folder / "many", 100_000, 4_000), await large(folder / "one", 100_000, 1)
    return {
        "kinds": len(names), "tries_sqlite": lite["tries"], "tries_postgres": served["tries"],
        "100,000 events in 4,000 cases": many, "100,000 events in one case": one,
        "shortcomings": untouched + lite["shortcomings"] + served["shortcomings"],
    }  # fmt: skip
