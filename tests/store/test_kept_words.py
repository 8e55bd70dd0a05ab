"""Words for people are kept with their code in a column of text; what has none, and what old rows say, is a quote."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.store.desk import LEASE, START, Desk
from workflow.errors import DiskUnusable, NotSent
from workflow.flow.mistakes import words
from workflow.record.values import Commit, Message
from workflow.schedules.run import Failure
from workflow.sentence import Quote, RemoteSaid, Said, Sentence, Sentences, kept_text, said_in
from workflow.store import NewCase
from workflow.store.runs import failures_json, failures_of

SAID = Sentence("nothing_came", "nothing came from {place}", place="{sms} \x00 号")
SAYINGS: dict[str, Said] = {
    "a sentence": SAID,
    "several": Sentences([SAID, Sentence("other", "another {}"), Quote("no line")]),
    "a sentence in a sentence": Sentence("tried", "tried: {why}", why=SAID),
    "of a remote": words(NotSent("sms", "send", SAID)),
    "of a disk": words(DiskUnusable("/x", SAID, Sentence("make_room", "make room"))),
    "a quote": Quote("no such number"),
    "a quote that looks like JSON": Quote('{"code": "x", "parts": {}, "text": "y"}'),
    "a quote of a sentence as a column keeps it": Quote('{"code":"x","parts":{},"text":"y"}'),
    "a quote of such a quote": Quote(kept_text(Quote('{"code":"x","parts":{},"text":"y"}'))),
    "a quote of several as a column keeps them": Quote(kept_text(Sentences([SAID, SAID]))),
    "a quote of an open brace": Quote("{" * 5000),
    "a quote of many brackets": Quote('{"a":' + "[" * 5000),
}


@pytest.mark.parametrize("what", SAYINGS)
def test_what_is_kept_is_read_as_it_was_said(what: str) -> None:
    said, found = SAYINGS[what], said_in(kept_text(SAYINGS[what]))
    assert (type(found), str(found)) == (type(said), str(said))
    assert kept_text(found) == kept_text(said)


def test_a_remotes_error_is_kept_with_what_it_says() -> None:
    found = said_in(kept_text(words(NotSent("sms", "send", SAID))))
    assert isinstance(found, RemoteSaid)
    assert (found.kind, found.adapter, found.step) == ("NotSent", "sms", "send")
    assert isinstance(found.why, Sentence)
    assert found.why.code == "nothing_came"


async def test_every_column_of_words_for_people_keeps_codes_and_seals_hold(desk: Desk) -> None:
    claim = await desk.one()
    told = tuple(Message(f"occasion-{n}", "owner-1", "138", "text") for n in range(2))
    await desk.commit(claim, Commit(guard="epoch", messages=told))
    one, two = await desk.store.due_messages(2, owner="one", now=desk.now, real=desk.real, lease=LEASE)
    await desk.store.message_failed(one.id, SAID, now=desk.now, again_at=desk.now)
    await desk.store.message_unknown(two.id, SAID, now=desk.now)
    await desk.store.note_health("sms", "down", SAID, latency_ms=None, now=desk.now)
    for message in await desk.store.messages_of(claim.case):
        assert isinstance(message.why, Sentence)
        assert (message.why.code, message.why) == ("nothing_came", SAID)
    (health,) = await desk.store.health()
    assert isinstance(health.why, Sentence)
    assert not await desk.store.verify()


async def test_the_reason_of_an_event_is_chained_as_it_is_kept(desk: Desk) -> None:
    new = NewCase("copyright", 1, "RZ", "unprocessed", {"title": "A"})
    (created,) = await desk.store.create([new], actor="person:clerk", reason=SAID, now=desk.now)
    (opened,) = await desk.store.events(created.case)
    assert isinstance(opened.why, Sentence)
    assert (opened.why.code, opened.why) == ("nothing_came", SAID)
    assert not await desk.store.verify()


async def test_old_rows_hold_plain_words(desk: Desk) -> None:
    await desk.store.note_health("sms", "down", Quote("x"), latency_ms=None, now=desk.now)
    async with desk.store.engine.begin() as connection:
        await connection.execute(text("UPDATE health SET why = 'it does not answer'"))
    (health,) = await desk.store.health()
    assert (type(health.why), health.why) == (Quote, "it does not answer")


def test_failures_of_a_run_keep_their_codes() -> None:
    (found,) = failures_of(failures_json([Failure(START, SAID)]))
    assert isinstance(found.error, Sentence)
    assert failures_of([{"at": START.isoformat(), "error": "it broke"}]) == (Failure(START, Quote("it broke")),)
