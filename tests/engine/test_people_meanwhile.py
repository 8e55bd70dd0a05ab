"""What people do to a case while it is being worked on: accepted, refused, or waited for, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.letters import Letter, Office, PaperOffice, S, desk, doing, post, shout, stamp, whisper
from tests.engine.letters import letters as letters_by
from workflow.errors import Conflict, NotAllowed, NotSent, Refused
from workflow.flow.case import Case
from workflow.flow.definition import Stay, To
from workflow.flow.functions import action


async def test_a_hold_takes_effect_between_two_actions(tmp_path: Path) -> None:
    async with desk(doing(stamp, post), tmp_path, office := PaperOffice()) as letters:
        case = (await letters.case()).claim.case

        async def stop() -> None:
            await letters.people.hold(case, "the address is doubtful")

        office.meanwhile = [stop]
        await letters.sweep()
        row = await letters.case()
        assert [name for name, _ in office.taken] == ["stamp"]
        assert (row.claim.state, row.claim.held) == (S.written, "the address is doubtful")
        assert row.claim.decision is not None
        await letters.sweep()
        assert len(office.taken) == 1

        await letters.people.resume(case, "it is right")
        await letters.run(S.posted)
        assert [name for name, _ in office.taken] == ["stamp", "ada"]
        assert (await letters.kinds()).count("decided") == 1


async def test_a_hold_during_the_last_action_lets_its_outcome_stand(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice()) as letters:
        case = (await letters.case()).claim.case

        async def stop() -> None:
            await letters.people.hold(case, "wait")

        office.meanwhile = [stop]
        await letters.sweep()
        row = await letters.case()
        assert (row.claim.state, row.claim.held) == (S.posted, "wait")


async def test_an_upload_during_a_decision_makes_no_outcome_unrecordable(tmp_path: Path) -> None:
    async with desk(doing(stamp, post), tmp_path, office := PaperOffice()) as letters:
        case = (await letters.case()).claim.case

        async def give(note: str) -> None:
            await letters.people.give(case, {"notes": (note,)})

        office.meanwhile = [lambda: give("one"), lambda: give("two")]
        await letters.sweep()
        row = await letters.case()
        assert row.claim.state == S.posted
        data = row.claim.data
        assert (data["notes"], data["stamp"], data["receipt"]) == (["two"], "red", "for ada")
        assert await letters.store.verify() is None


async def test_an_action_sees_the_data_as_decided_and_what_its_decision_did(tmp_path: Path) -> None:
    seen: list[Letter] = []

    @action(repeatable=True)
    async def look(case: Case[Letter], office: Office, key: str) -> None:
        seen.append(case.data)

    async with desk(doing(stamp, look), tmp_path, office := PaperOffice()) as letters:
        case = (await letters.case()).claim.case

        async def give() -> None:
            await letters.people.give(case, {"to": ("eve",)})

        office.meanwhile = [give]
        await letters.sweep()
        assert [(letter.to, letter.stamp) for letter in seen] == [(("ada",), "red")]
        assert (await letters.case()).claim.data["to"] == ["eve"]


async def test_what_is_handed_in_while_nobody_is_at_work_is_decided_of_anew(tmp_path: Path) -> None:
    """What was decided before knew nothing of it, and was carried out when the remote was back."""
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()
        row = await letters.case()
        assert row.claim.decision is not None
        await letters.people.give(row.claim.case, {"to": ("eve",)})
        assert (await letters.case()).claim.decision is None
        assert (await letters.kinds())[-2:] == ["abandoned", "changed"]
        await letters.run(S.posted)
        assert (await letters.case()).claim.data["receipt"] == "for eve"
        assert await letters.store.verify() is None


async def test_a_force_over_an_open_decision_gives_it_up_on_the_record(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()
        row = await letters.case()
        assert row.claim.decision is not None
        await letters.people.force(row.claim.case, S.posted, "handed over in person")

        row = await letters.case()
        assert (row.claim.state, row.claim.decision) == (S.posted, None)
        assert (await letters.kinds())[-2:] == ["abandoned", "forced"]
        assert [event.actor for event in (await letters.events())[-2:]] == ["person:test", "person:test"]
        await letters.sweep()
        assert len(office.calls) == 1


@pytest.mark.parametrize("command", ["force", "change"])
async def test_nobody_forces_or_edits_while_somebody_is_at_work(tmp_path: Path, command: str) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice()) as letters:
        case = (await letters.case()).claim.case
        told: list[str] = []

        async def try_it() -> None:
            force, change = (
                letters.people.force(case, S.answered, "by telephone"),
                letters.people.change(case, {"notes": ()}),
            )
            chosen, other = (force, change) if command == "force" else (change, force)
            other.close()
            with pytest.raises(Conflict, match="is at work on it until") as refused:
                await chosen
            told.append(str(refused.value))

        office.meanwhile = [try_it]
        await letters.sweep()
        assert len(told) == 1
        assert letters.dependencies.process in told[0]
        assert (await letters.case()).claim.state == S.posted


@pytest.mark.parametrize("happened", [True, False])
async def test_nobody_settles_what_is_being_done_at_this_moment(tmp_path: Path, happened: bool) -> None:
    """A word that nothing happened, believed while the call is out, would have it called again."""
    async with desk(doing(post), tmp_path, office := PaperOffice()) as letters:
        told: list[str] = []

        async def try_it() -> None:
            row = await letters.case()
            (effect,) = row.claim.effects
            with pytest.raises(Conflict, match="is at work on it until") as refused:
                await letters.people.settle(row.claim.case, effect.key, happened=happened, reason="he rang them up")
            told.append(str(refused.value))

        office.meanwhile = [try_it]
        await letters.sweep()
        assert len(told) == 1
        assert letters.dependencies.process in told[0]
        assert len(office.calls) == 1
        assert [one.kind for one in await letters.events() if one.kind == "settled"] == []


async def test_an_edit_gives_the_decision_up_and_the_guards_see_the_new_data(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(doing(post), tmp_path, office) as letters:
        await letters.sweep()
        case = (await letters.case()).claim.case
        await letters.people.change(case, {"to": ("eve",)}, "the wrong person")

        assert (await letters.case()).claim.decision is None
        await letters.run(S.posted)
        assert [name for name, _ in office.taken] == ["eve"]
        assert (await letters.kinds()).count("decided") == 2


async def test_who_saw_an_older_version_is_told_so(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice()) as letters:
        claim = (await letters.case()).claim
        await letters.people.note(claim.case, "rang twice")
        for command in (
            letters.people.change(claim.case, {"to": ("eve",)}, None, claim.seq),
            letters.people.force(claim.case, S.posted, "by telephone", version=claim.seq),
            letters.people.hold(claim.case, "wait", claim.seq),
        ):
            with pytest.raises(Conflict, match="you saw"):
                await command
        assert (await letters.kinds()) == ["created", "noted"]


async def test_nothing_done_is_done_again_after_a_force(tmp_path: Path) -> None:
    async with desk(doing(stamp, post), tmp_path, office := PaperOffice()) as letters:
        await letters.run(S.posted)
        case = (await letters.case()).claim.case
        await letters.people.force(case, S.written, "looked at once more")
        await letters.run(S.posted)
        assert [name for name, _ in office.taken] == ["stamp", "ada", "stamp"]

        await letters.people.force(case, S.written, "all anew", new_round=True)
        await letters.run(S.posted)
        assert [name for name, _ in office.taken].count("ada") == 2
        assert (await letters.case()).claim.round == 1


async def test_a_force_to_nowhere_is_refused(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice()) as letters:
        with pytest.raises(NotAllowed, match="no such state"):
            await letters.people.force((await letters.case()).claim.case, "burnt", "by telephone")


async def test_what_is_not_automatic_or_held_is_left_alone(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice()) as letters:
        case = (await letters.case()).claim.case
        await letters.people.set_auto(case, False, "by hand")
        await letters.sweep()
        assert (office.calls, (await letters.why()).reason) == ([], "auto_off")
        await letters.people.set_auto(case, True)
        await letters.people.hold(case, "wait")
        await letters.sweep()
        assert (office.calls, (await letters.why()).reason) == ([], "held")
        await letters.people.resume(case)
        await letters.sweep()
        assert len(office.calls) == 1


async def test_after_a_refusal_another_line_may_be_taken(tmp_path: Path) -> None:
    def addressed_to_ada(case: Case[Letter]) -> bool:
        return case.data.to == ("ada",)

    plan = letters_by(To(S.posted, when=addressed_to_ada, do=post), To(S.posted, do=whisper))
    office = PaperOffice(new_incidents=[Refused("office", "post", "moved away")])
    async with desk(plan, tmp_path, office) as letters:
        await letters.sweep()
        await letters.people.change((await letters.case()).claim.case, {"to": ("eve",)}, "she moved")
        await letters.run(S.posted)
        (refused, done) = sorted((await letters.case()).claim.effects, key=lambda effect: effect.decision)
        assert (refused.action, refused.status, done.action, done.status) == ("post", "refused", "whisper", "done")


async def test_a_stay_whose_deed_is_done_does_not_hold_again(tmp_path: Path) -> None:
    plan = letters_by(Stay(do=shout), Stay(do=whisper))
    async with desk(plan, tmp_path, office := PaperOffice()) as letters:
        await letters.sweep()
        await letters.sweep()
        assert len(office.calls) == 2
        assert (await letters.kinds()) == ["created", "decided", "stayed", "decided", "stayed"]
