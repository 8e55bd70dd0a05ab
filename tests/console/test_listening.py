"""What `caseward up` prints comes from what is new, however many cases stand in the record."""

from __future__ import annotations

from pathlib import Path

from caseward.app.installation import open_record
from caseward.demonstration.listening import Listener
from tests.store.test_creation import new
from tests.store.test_volume import sent
from workflow.settings import read_settings


async def test_a_look_reads_the_cases_in_which_something_happened_alone(tmp_path: Path) -> None:
    heard: list[str] = []
    async with open_record(read_settings(data_dir=tmp_path / "data")) as record:
        now = await record.clock.business()
        await record.store.create([new() for _ in range(30)], actor="person:x", reason=None, now=now)
        listener = Listener(record, lambda row, event: heard.append(f"{row.claim.number} {event.kind}"))
        await listener.begin()
        with sent(record.store) as seen:
            assert not await listener.listen()
        assert not [statement for statement, _ in seen if "FROM cases" in statement]
        await record.commands("person:x").note("RZ-0007", "called the owner")
        assert await listener.listen()
        assert heard == ["RZ-0007 noted"]
        assert await listener.counts("copyright") == {"unprocessed": 30}
        assert await listener.any_open("copyright")
        with sent(record.store) as seen:
            await listener.counts("copyright")
        assert not seen, "nothing is counted again without news"
        await record.store.create([new()], actor="person:x", reason=None, now=now)
        assert await listener.listen()
        assert await listener.counts("copyright") == {"unprocessed": 31}
