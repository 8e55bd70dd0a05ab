"""Codes that the job can give to nobody: the operator hears of them, until it can."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from adapters.code_records import FilledCodes, OddRow
from states.copyright.values import OwnersOfRound
from states.jobs import Office
from tests.flows.matters import people
from tests.worker.test_jobs import job, office, portal, record  # noqa: F401 - fixtures
from workflow.store import NewCase

ODD = OddRow("C7", "code: String should match pattern '^[0-9]{4,8}$'")


class Records:
    odd: tuple[OddRow, ...] = (ODD,)

    async def codes(self, title: str, version: str) -> FilledCodes:
        return FilledCodes((), self.odd)


async def test_the_operator_hears_of_a_shared_phone_and_of_an_odd_row(office: Office) -> None:  # noqa: F811
    matter = people(codes_wanted=OwnersOfRound(round=0, owners=("o1", "o2", "o3")))
    shared = [owner.model_copy(update={"phone": "13800400001"}) for owner in matter.owners]
    data = matter.model_copy(update={"owners": tuple(shared)}).model_dump(mode="json")
    now = datetime(2026, 12, 1, tzinfo=UTC)
    new = NewCase("copyright", 1, "RZ", "awaiting_captcha", data)
    unreadable = NewCase("copyright", 1, "RZ", "awaiting_captcha", {"title": 7})
    await office.store.create([new, unreadable], actor="person:clerk", reason=None, now=now)

    records = Records()
    at_work = replace(office, records=records)
    came = await job(at_work, "sync_codes")
    assert (came["unclear"], came["odd_rows"], came["failed"]) == (1, 1, 1)
    await job(at_work, "sync_codes")
    told = {one.kind: one.seen for one in await office.store.incidents()}
    assert told.keys() == {"codes_unclear", "codes_odd"}
    assert told["codes_odd"] == {"rows": ["C7"], "why": ODD.why}
    assert len(told["codes_unclear"]["owners"]) == 3

    records.odd = ()
    await job(at_work, "sync_codes")
    assert [one.kind for one in await office.store.incidents()] == ["codes_unclear"], "what is mended is over by itself"
