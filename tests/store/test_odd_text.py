"""Text that no database can hold ends no transaction: it is on record as an escape, and the record verifies."""

from __future__ import annotations

import pytest

from tests.store.desk import LEASE, Desk
from workflow.record.values import Commit, Entry, Message, NewIncident
from workflow.sentence import Quote

ODD = {
    "half a character": "red \ud83d",
    "two halves": "red \ud83d\ude00",
    "NUL": "red \x00",
    "all of it": "\x00\udc80\ud83d\\\udc80",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
async def test_what_is_noted_and_seen_can_be_any_text(desk: Desk, odd: str) -> None:
    claim = await desk.one()
    trouble = NewIncident("odd", "a cause", {"words": odd, odd: 1})
    entry = Entry("noted", {"text": odd, odd: [odd]}, "worker:one")
    await desk.commit(claim, Commit(guard="epoch", entries=(entry,), new_incidents=(trouble,)))
    noted = next(event for event in await desk.store.events(claim.case) if event.kind == "noted")
    assert noted.body is not None
    whole = odd.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if "\ude00" in odd else odd
    assert noted.body["text"] in (odd, whole)
    assert not await desk.store.verify()


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
async def test_a_gateways_words_and_numbers_can_be_any_text(desk: Desk, odd: str) -> None:
    claim = await desk.one()
    told = tuple(Message(f"occasion-{n}", "owner-1", "138", "text") for n in range(3))
    await desk.commit(claim, Commit(guard="epoch", messages=told))
    one, two, three = await desk.store.due_messages(3, owner="one", now=desk.now, real=desk.real, lease=LEASE)
    await desk.store.message_sent(one.id, now=desk.now, number=odd, receipt_at=desk.now)
    await desk.store.message_failed(two.id, Quote(odd), now=desk.now)
    await desk.store.message_unknown(three.id, Quote(odd), now=desk.now)
    found = await desk.store.messages_of(claim.case)
    assert {message.status for message in found} == {"sent", "failed", "unknown"}
    assert all((message.why or message.number or "").isprintable() for message in found)
