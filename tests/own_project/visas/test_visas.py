"""What is true of a visa, with a centre that the test steers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from centre import HOURS, HttpCentre
from visas import Application, Centre, File, S, file, first_booked, flow

from adapters.http import Http
from workflow import Case, NotSent, Remote, Verdict
from workflow.testing import MORNING, Bench, StillWaiting, Twin, bench

ADA = Application(passport="P1", name="Ada", phone="+8613800000000")
BOOKED = File(paid=True, first_at=MORNING + timedelta(days=5))


@pytest.fixture
def office() -> Twin:
    twin = Twin(Centre)
    twin.answers("file", lambda passport: BOOKED if twin.applied("pay") else File())
    return twin


@pytest.fixture
async def visas(office: Twin, tmp_path: Path) -> AsyncIterator[Bench]:
    remote = Remote("centre", Centre, office, calendar=HOURS)
    async with bench(flow, tmp_path, remotes=[remote]) as at_work:
        await at_work.open(ADA)
        yield at_work


async def test_a_fee_whose_reply_is_lost_is_paid_once(visas: Bench, office: Twin) -> None:
    office.loses_reply("pay")

    await visas.run(S.first_appointment)

    assert len(office.applied("pay")) == 1


async def test_papers_that_are_handed_in_begin_a_new_round(visas: Bench, office: Twin) -> None:
    await visas.run(S.first_appointment)
    office.answers("file", BOOKED.model_copy(update={"missing": ("photo",)}))
    await visas.run(S.documents_incomplete)
    await visas.sweep()
    assert (await visas.why()).who == "applicant"

    await visas.give(papers=("photo",))
    row = await visas.run(S.first_appointment)

    assert row.claim.round == 1
    assert office.applied("hand_in") == [{"passport": "P1", "papers": ("photo",)}]


async def test_the_applicant_is_reminded_on_the_day_before(visas: Bench) -> None:
    await visas.run(S.first_appointment)
    visas.clock.advance(timedelta(days=4, hours=1))

    await visas.sweep(line="remind")

    (notice,) = await visas.notices()
    assert "Ada, your appointment is on 28 Nov" in notice.text


async def test_a_visa_that_nobody_decides_about_says_what_it_waits_for(visas: Bench, office: Twin) -> None:
    office.answers("file", BOOKED.model_copy(update={"attended": 1, "second_at": MORNING + timedelta(days=9)}))
    with pytest.raises(StillWaiting, match="granted says no") as found:
        await visas.run(S.issued, within=timedelta(days=3))
    assert found.value.why.who == "centre"


async def test_where_nobody_listens_nothing_was_sent() -> None:
    http = Http("centre", "http://127.0.0.1:9")
    case = Case("1", "VS-0001", "visas", S.draft, ADA, 0, MORNING, MORNING)

    async def booked() -> Verdict:
        return first_booked(await file(case, HttpCentre(http)))

    with pytest.raises(NotSent):
        await booked()
    await http.close()
