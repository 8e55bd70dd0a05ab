"""An incident is opened once, is on record, and bars its case until a person has settled it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.desk import Desk
from workflow.errors import Conflict, NotFound
from workflow.record.values import Commit, NewIncident


async def test_an_incident_opens_once_while_it_is_open_and_is_on_record(desk: Desk) -> None:
    (created,) = await desk.open()
    trouble = Commit(
        guard="version", new_incidents=(NewIncident("drifted", "changed page", {"step": "confirm"}, effect="k"),)
    )
    for _ in range(3):
        await desk.command(created.case, trouble)
    (incident,) = await desk.store.incidents()
    assert (incident.kind, incident.effect, incident.number) == ("drifted", "k", "RZ-0001")
    assert [event.kind for event in await desk.store.events(created.case)] == ["created", "incident_opened"]
    await desk.command(created.case, Commit(guard="version", close=("drifted",), due_at=desk.now))
    assert await desk.store.incidents() == []
    assert len(await desk.claim()) == 1
    kinds = [event.kind for event in await desk.store.events(created.case)]
    assert kinds == ["created", "incident_opened", "incident_closed"]


async def test_a_star_closes_every_incident_that_bars(desk: Desk) -> None:
    (created,) = await desk.open()
    three = (
        NewIncident("drifted", "a", {}),
        NewIncident("refused", "b", {}),
        NewIncident("lapsed", "c", {}, bars=False),
    )
    await desk.command(created.case, Commit(guard="version", new_incidents=three))
    await desk.command(created.case, Commit(guard="version", close=("*",)))
    assert [incident.kind for incident in await desk.store.incidents()] == ["lapsed"]
    assert not (await desk.store.case(created.case)).barred


async def test_a_person_closes_an_incident_with_a_reason(desk: Desk) -> None:
    (created,) = await desk.open(due_at=desk.now + timedelta(days=9))
    two = (NewIncident("drifted", "a", {}), NewIncident("refused", "b", {}))
    await desk.command(created.case, Commit(guard="version", new_incidents=two))
    first, second = await desk.store.incidents()
    given = {"actor": "person:clerk", "reason": "mended", "now": desk.now, "real": desk.real}
    closed = await desk.store.close_incident(first.id, **given)  # type: ignore[arg-type]
    assert (closed.closed_by, closed.close_reason) == ("person:clerk", "mended")
    assert await desk.claim() == [], "the other one still bars it"
    await desk.store.close_incident(second.id, **given)  # type: ignore[arg-type]
    assert len(await desk.claim()) == 1
    with pytest.raises(Conflict):
        await desk.store.close_incident(second.id, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await desk.store.close_incident("none", **given)  # type: ignore[arg-type]
