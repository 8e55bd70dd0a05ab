"""What people state and order beside the flow: a force settles what nobody could tell, all of it or none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import PaperOffice, S, desk, doing, post
from tests.engine.letters import letters as letters_of
from workflow.engine.secret_entry import BadShape, NotWanted, SeveralWanted, enter, wanted_secret
from workflow.errors import Conflict, NoReason, NotAllowed, NotFound, NotOneOf, NotStated
from workflow.flow.definition import To
from workflow.intake.gives import NotTaken, SecretKind, WantedSecret
from workflow.record.values import Claim, Commit, Effect, EffectStatus, Message
from workflow.testing import Bench

WHY = "the office said so by telephone"


@pytest.fixture
async def letters(tmp_path: Path) -> AsyncIterator[Bench]:
    async with desk(doing(post), tmp_path, PaperOffice()) as found:
        yield found


async def in_doubt(at: Bench, *rows: tuple[str, str, EffectStatus]) -> Claim:
    """The case with effects that nobody could tell, by key and action."""
    claim, now = (await at.case()).claim, await at.clock.business()
    effects = tuple(
        Effect(
            key, action, "", None, claim.round, 1, 1, status, claim.epoch,
            at.dependencies.process if status is EffectStatus.intended else "host/1/1", now,
        )
        for key, action, status in rows
    )  # fmt: skip
    real = await at.clock.real()
    return await at.store.command(
        claim.case, None, lambda _: Commit(guard="version", effects=effects), now=now, real=real
    )


UNKNOWN, INTENDED = EffectStatus.unknown, EffectStatus.intended


async def test_a_force_over_what_nobody_knows_says_what_is_to_be_stated(letters: Bench) -> None:
    claim = await in_doubt(letters, ("key-1", "post", UNKNOWN), ("key-2", "post", UNKNOWN), ("key-3", "stamp", UNKNOWN))
    with pytest.raises(NotStated, match=r"post .* is being found out") as several:
        await letters.people.force(claim.case, S.answered, WHY)
    assert several.value.name == "key-1"
    with pytest.raises(NotStated) as one:
        await letters.people.force(claim.case, S.answered, WHY, happened=["key-1"], not_happened=["key-2"])
    assert (one.value.action, one.value.name) == ("stamp", "stamp")
    assert await letters.kinds() == ["created"]


async def test_what_is_stated_and_the_force_are_one_step_on_the_record(letters: Bench) -> None:
    claim = await in_doubt(letters, ("key-1", "post", UNKNOWN), ("key-2", "stamp", UNKNOWN))
    await letters.people.force(
        claim.case, S.answered, WHY, happened=["post"], not_happened=["key-2"], version=claim.seq
    )
    row = await letters.case()
    assert (row.claim.state, [effect.status for effect in row.claim.effects]) == ("answered", ["done", "not_sent"])
    assert await letters.kinds() == ["created", "settled", "settled", "forced"]
    assert {event.reason for event in (await letters.events())[1:]} == {WHY}
    assert await letters.store.verify() is None


async def test_of_a_force_that_is_refused_nothing_is_settled(letters: Bench) -> None:
    """The first was settled for good before the second was looked at."""
    claim = await in_doubt(letters, ("key-1", "post", UNKNOWN), ("key-2", "stamp", INTENDED))
    with pytest.raises(Conflict, match="may still be at work on stamp"):
        await letters.people.force(claim.case, S.answered, WHY, happened=["post", "stamp"])
    assert [effect.status for effect in (await letters.case()).claim.effects] == [UNKNOWN, INTENDED]
    assert await letters.kinds() == ["created"]


async def test_what_is_named_wrongly_or_twice_is_told_with_what_there_is(letters: Bench) -> None:
    claim = await in_doubt(letters, ("key-1", "post", UNKNOWN), ("key-2", "post", UNKNOWN))
    with pytest.raises(NotOneOf, match="no such effect; name one of: key-1, key-2"):
        await letters.people.force(claim.case, S.answered, WHY, happened=["post"])
    with pytest.raises(NotOneOf, match="no such effect"):
        await letters.people.settle(claim.case, "post", happened=True, reason=WHY)
    with pytest.raises(NotTaken, match="stated twice"):
        await letters.people.force(claim.case, S.answered, WHY, happened=["key-1"], not_happened=["key-1"])
    with pytest.raises(NotFound):
        await letters.people.settle(claim.case, "shout", happened=True, reason=WHY)
    with pytest.raises(NotOneOf, match="no such state; name one of: written, posted, answered"):
        await letters.people.force(claim.case, "burnt", WHY)


@pytest.mark.parametrize("reason", ["", "       ", "too few"])
async def test_a_reason_says_something(letters: Bench, reason: str) -> None:
    case = (await letters.case()).claim.case
    with pytest.raises(NoReason, match="it needs 8"):
        await letters.people.force(case, S.answered, reason)
    for order in (letters.people.hold, letters.people.retry):
        with pytest.raises(NoReason, match="it needs 1"):
            await order(case, " ")
    assert await letters.kinds() == ["created"]


async def test_an_order_that_changes_nothing_leaves_no_event(letters: Bench) -> None:
    case = (await letters.case()).claim.case
    with pytest.raises(NotAllowed, match="it is not on hold"):
        await letters.people.resume(case)
    await letters.people.set_auto(case, True)
    with pytest.raises(NotTaken, match="says nothing"):
        await letters.people.note(case, "  ")
    assert await letters.kinds() == ["created"]
    with pytest.raises(Conflict, match="you saw 7"):
        await letters.people.set_auto(case, True, version=7)


CODE = SecretKind(
    "code",
    "letters",
    known=lambda case: {"a": "Ada", "b": "Bob", "c": "Bob"},
    wanted=lambda case: ["a"],
    read=lambda text: text if text.isdigit() else None,
)


async def test_a_code_is_taken_of_whom_one_is_wanted(letters: Bench) -> None:
    claim, plan = (await letters.case()).claim, letters.plan

    def meant(owner: str | None, kinds: Sequence[SecretKind] = (CODE,), kind: str | None = None) -> WantedSecret:
        return wanted_secret(plan, claim, kinds, kind, owner)

    assert (meant("Ada").owner, meant(None).name) == ("a", "Ada")
    assert await enter(letters.people, claim, meant("a"), "582104")
    assert not await enter(letters.people, claim, meant("a"), "582104")
    with pytest.raises(BadShape, match="4 characters"):
        await enter(letters.people, claim, meant("a"), "58?4")
    with pytest.raises(NotWanted, match="no code of Bob is wanted"):
        meant("b")
    with pytest.raises(NotOneOf, match="name one of: b, c"):
        meant("Bob")
    with pytest.raises(NotOneOf, match=r"name one of: Ada \(a\), "):
        meant("Eve")
    with pytest.raises(NotWanted, match="it waits for none"):
        meant("Ada", kinds=())
    with pytest.raises(NotOneOf, match="no such secret; name one of: code"):
        meant("Ada", kind="pin")
    both = replace(CODE, wanted=lambda case: ["a", "b"])
    with pytest.raises(SeveralWanted, match="name one of: Ada, Bob"):
        meant(None, kinds=[both])
    namesakes = replace(CODE, wanted=lambda case: ["b", "c"])
    with pytest.raises(SeveralWanted, match=r"name one of: Bob \(b\), Bob \(c\)"):
        meant(None, kinds=[namesakes])
    assert (meant("c", kinds=[namesakes]).owner, meant("c", kinds=[namesakes]).typed) == ("c", "c")
    with pytest.raises(SeveralWanted, match="name one of: code, pin"):
        meant("a", kinds=[CODE, replace(CODE, name="pin")])


async def test_a_code_that_was_asked_for_before_the_case_began_anew_is_not_taken_for_the_new_round(
    letters: Bench,
) -> None:
    claim = (await letters.case()).claim
    wanted = wanted_secret(letters.plan, claim, [CODE], None, None)
    await letters.people.force(claim.case, S.written, WHY, new_round=True)
    with pytest.raises(Conflict, match="it began anew after this was asked for"):
        await enter(letters.people, claim, wanted, "582104")
    assert (await letters.case()).claim.codes_on_file.unused == frozenset()
    assert await letters.kinds() == ["created", "forced"]
    assert await enter(letters.people, (await letters.case()).claim, wanted, "582104")


async def test_a_case_of_a_flow_that_nobody_here_knows_is_not_forced(letters: Bench) -> None:
    other = replace(letters, plans={})
    with pytest.raises(NotFound, match="flow letters"):
        await other.people.force((await letters.case()).claim.case, S.answered, WHY)


async def test_a_notice_that_is_held_goes_with_the_state_that_it_tells_of(tmp_path: Path) -> None:
    """Somebody was to be told of a refusal that was none; where the case comes to it again, it is told."""
    held = Message("refused", "ada", "138", "refused", after=timedelta(hours=24))
    sent = Message("received", "ada", "138", "received")
    async with desk(letters_of(To(S.posted, tell=lambda: [held, sent])), tmp_path, PaperOffice()) as at:
        await at.sweep()
        case = (await at.case()).claim.case

        async def told() -> list[tuple[str, str]]:
            return sorted((one.occasion.partition("/")[0], one.status) for one in await at.store.messages_of(case))

        await at.people.force(case, S.posted, WHY)
        assert await told() == [("received", "queued"), ("refused", "queued")], "it still says what is so"
        await at.people.force(case, S.written, WHY)
        assert await told() == [("received", "queued"), ("refused", "dropped")], "one that is due goes out"
        noted = (await at.events())[-1]
        assert noted.body is not None
        assert noted.body["text"] == "not to be sent: refused → ada"
        await at.sweep()
        assert await told() == [("received", "queued"), ("refused", "dropped"), ("refused", "queued")]
        assert await at.store.verify() is None
