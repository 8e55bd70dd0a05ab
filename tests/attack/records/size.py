"""A program: what an audit of a large record costs. `python -m tests.attack.records.size FOLDER [CASES] [EVENTS]`.

It fills a record of so many cases with so many events each (100,000 with 10), once a folder, and audits it: the
whole of it, then the changed part, with nothing changed and with 1,000 cases changed. Each audit is a process of its
own, so that its memory is its own too. It prints seconds of the processor, and by how much the memory grew.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.attack.records.record import SetClock, hand
from tests.store.desk import Desk
from workflow.engine.audit import audit
from workflow.record.database import open_database
from workflow.record.events import chain
from workflow.record.identity import open_keys
from workflow.record.migrations import migrate
from workflow.record.seals import make_seal
from workflow.record.tables import cases as table
from workflow.record.values import Commit, Entry
from workflow.store import Store
from workflow.store.rows import fields

CASES, EVENTS, CHANGED = 100_000, 10, 1_000
AT_ONCE = 2_000


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Desk]:
    folder.mkdir(parents=True, exist_ok=True)
    engine = open_database(f"sqlite:///{folder}/caseward.db")
    try:
        await migrate(engine)
        yield Desk(Store(engine, await open_keys(engine, folder / "keys.json"), "test"))
    finally:
        await engine.dispose()


async def fill(folder: Path, cases: int, events: int) -> None:
    """A record of so many sound cases with so many events each."""
    async with opened(folder) as desk:
        for begun in range(0, cases, AT_ONCE):
            made = await desk.open(min(AT_ONCE, cases - begun), data={"title": "A", "note": "x" * 60})
            lengthen(folder, desk, [one.case for one in made], events - 1)


def lengthen(folder: Path, desk: Desk, cases: list[str], more: int) -> None:
    """So many events more for each of these cases, written as the store writes them."""
    ring = desk.store.vault.chain
    with hand(f"sqlite:///{folder}/caseward.db") as rows:
        for case in cases:
            (row,) = rows.read("SELECT * FROM cases WHERE id = ?", case)
            entries = [Entry("changed", {"patch": {"note": f"{n}" * 40}}, "person:clerk", "why") for n in range(more)]
            after = (row["seq"], bytes.fromhex(row["head"]))
            written = chain(entries, case=case, after=after, at=desk.now, flow_version=1, revision="t", ring=ring)
            for event in written:
                at = event.at.isoformat(timespec="microseconds").replace("+00:00", "Z")
                rows.put("events", {**fields(event), "at": at})
            data = json.dumps({"note": f"{more - 1}" * 40, "title": "A"}, separators=(",", ":"))
            row |= {"seq": written[-1].seq, "head": written[-1].hash.hex(), "data": data}
            seal = make_seal(ring, table, row)
            rows.write(
                "UPDATE cases SET seq = ?, head = ?, data = ?, seal = ? WHERE id = ?",
                row["seq"], row["head"], data, seal, case,
            )  # fmt: skip


async def change(folder: Path, count: int) -> None:
    """Writes so many cases, as a person's notes would."""
    async with opened(folder) as desk:
        for case in await desk.store.cases(limit=count):
            noted = Entry("noted", {"text": "it goes on"}, "person:clerk", "so")
            await desk.command(case.claim.case, Commit(guard="epoch", entries=(noted,)))


async def held(folder: Path, changed: bool) -> dict[str, Any]:
    """What one audit costs this process."""
    async with opened(folder) as desk:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun, worked = time.perf_counter(), time.process_time()
        found = await audit(desk.store, SetClock(desk), folder / "anchors.jsonl", changed=changed)  # type: ignore[arg-type]
        return {
            "cases": found.cases, "events": found.events, "findings": len(found.findings),
            "cpu_seconds": round(time.process_time() - worked, 2), "seconds": round(time.perf_counter() - begun, 2),
            "megabytes_more": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
            "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip


def main(folder: Path, *given: str) -> None:
    match given:
        case ("whole" | "changed" as part,):
            print(json.dumps(asyncio.run(held(folder, part == "changed"))))
        case (count, *each):
            if not (folder / "caseward.db").exists():
                asyncio.run(fill(folder, int(count), int(each[0]) if each else EVENTS))
            for said, one, some in STEPS:
                if some:
                    asyncio.run(change(folder, some))
                command = [sys.executable, "-m", "tests.attack.records.size", str(folder), one]
                print(f"{said:40}", subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")
        case _:
            main(folder, str(CASES))


STEPS = (
    ("the whole, never audited before", "whole", 0),
    ("the whole, nothing changed", "whole", 0),
    ("the changed part, nothing changed", "changed", 0),
    (f"the changed part, {CHANGED:,} changed", "changed", CHANGED),
    (f"the whole, {CHANGED:,} changed", "whole", CHANGED),
)

if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
