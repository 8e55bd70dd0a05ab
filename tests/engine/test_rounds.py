"""What may happen once: by round, by case, by item; what a new round sees of it, and what a count allows."""

from __future__ import annotations

from pathlib import Path

from tests.engine.letters import Letter, Office, PaperOffice, S, Value, desk, is_posted, letters, never, post
from workflow.errors import NotSent, Unknown
from workflow.flow.case import Case, NotDone, Partly
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, Stay, To
from workflow.flow.functions import action
from workflow.record.values import Message

LOST = Unknown("office", "post", "the line went dead")


class Copy(Value):
    """A copy for one reader; count goes up when the one before was spoilt."""

    id: str
    name: str


def copies(case: Case[Letter]) -> tuple[Copy, ...]:
    spoilt = len(case.data.notes)
    return tuple(Copy(id=f"{name}/{spoilt + 1}", name=name) for name in case.data.to)


@action(proof=is_posted, each=copies, once="round")
async def post_copy(case: Case[Letter], item: Copy, office: Office, key: str) -> None:
    await office.post(item.name, key)


@action(blind="sent", once="case")
async def announce(case: Case[Letter], office: Office, key: str) -> None:
    await office.post("announced", key)


def is_unanswered(case: Case[Letter]) -> bool:
    return case.round < 2


def twice() -> Plan:
    """A letter that comes back twice and is written anew each time."""
    return Plan(
        Flow(
            "letters",
            version=1,
            data=Letter,
            prefix="LT",
            states=[
                State(S.written, "写好", To(S.posted, do=[announce, post]), waits_for="writer"),
                State(
                    S.posted,
                    "已寄",
                    To(S.written, when=is_unanswered, new_round=True),
                    To(S.answered),
                    waits_for="reader",
                ),
                State(S.answered, "已回", final=True),
            ],
        )
    )


async def test_once_a_round_is_again_in_the_next_and_once_a_case_is_not(tmp_path: Path) -> None:
    async with desk(twice(), tmp_path, office := PaperOffice()) as bench:
        await bench.run(S.answered)
        assert [name for name, _ in office.taken] == ["announced", "ada", "ada", "ada"]
        assert len(set(office.keys)) == 4
        row = await bench.case()
        assert row.claim.round == 2
        assert sorted(effect.round for effect in row.claim.effects) == [0, 0, 1, 2]


async def test_each_item_is_one_effect_with_a_key_of_its_own(tmp_path: Path) -> None:
    plan = letters(To(S.posted, do=post_copy))
    async with desk(plan, tmp_path, office := PaperOffice(), to=("ada", "eve", "bob")) as bench:
        await bench.run(S.posted)
        assert [name for name, _ in office.taken] == ["ada", "eve", "bob"]
        assert len(set(office.keys)) == 3
        items = [effect.item_id for effect in (await bench.case()).claim.effects]
        assert sorted(items) == ["ada/1", "bob/1", "eve/1"]


async def test_after_a_failure_only_the_items_that_are_left_are_done(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[None, NotSent("office", "post", "no route")])
    plan = letters(To(S.posted, do=post_copy))
    async with desk(plan, tmp_path, office, to=("ada", "eve", "bob")) as bench:
        await bench.run(S.posted)
        assert [name for name, _ in office.taken] == ["ada", "eve", "bob"]


async def test_a_proof_that_answers_partly_settles_each_item_for_itself(tmp_path: Path) -> None:
    office = PaperOffice(loses=[None, LOST], answers=[Partly(("ada/1", "eve/1"))])
    plan = letters(To(S.posted, do=post_copy))
    async with desk(plan, tmp_path, office, to=("ada", "eve", "bob")) as bench:
        await bench.run(S.posted)
        assert [name for name, _ in office.taken] == ["ada", "eve", "bob"]


async def test_an_item_that_the_proof_does_not_name_is_done_again(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[None, LOST], answers=[Partly(("ada/1",))])
    plan = letters(To(S.posted, do=post_copy))
    async with desk(plan, tmp_path, office, to=("ada", "eve")) as bench:
        await bench.run(S.posted)
        assert [name for name, _ in office.calls] == ["ada", "eve", "eve"]


async def test_a_count_in_the_item_allows_another(tmp_path: Path) -> None:
    plan = letters(Stay(do=post_copy), To(S.posted, when=never))
    async with desk(plan, tmp_path, office := PaperOffice()) as bench:
        await bench.sweep()
        await bench.sweep()
        assert len(office.taken) == 1
        await bench.people.give((await bench.case()).claim.case, {"notes": ("it got wet",)})
        await bench.sweep()
        assert sorted(effect.item_id for effect in (await bench.case()).claim.effects) == ["ada/1", "ada/2"]


async def test_guards_see_what_is_done_and_told_in_this_round(tmp_path: Path) -> None:
    seen: list[frozenset[tuple[str, str]]] = []

    def look(case: Case[Letter]) -> bool:
        seen.append(case.done)
        return False

    def tell(case: Case[Letter]) -> list[Message]:
        return [Message("posted", "ada", "13800000000", "It is on its way.")]

    plan = letters(Stay(do=post, tell=tell), To(S.posted, when=look))
    async with desk(plan, tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        await bench.sweep()
        assert seen[-1] == {("post", ""), ("posted", "ada")}
        await bench.people.force((await bench.case()).claim.case, S.posted, "further on")
        await bench.people.force((await bench.case()).claim.case, S.written, "all anew", new_round=True)
        assert (await bench.case()).claim.round == 1


async def test_a_message_is_told_once_an_occasion_and_round(tmp_path: Path) -> None:
    def tell(case: Case[Letter]) -> list[Message]:
        return [Message("posted", name, "13800000000", f"To {name}, round {case.round}.") for name in case.data.to]

    plan = letters(To(S.posted, tell=tell))
    async with desk(plan, tmp_path, PaperOffice(), to=("ada", "eve")) as bench:
        await bench.run(S.posted)
        case = (await bench.case()).claim.case
        await bench.people.force(case, S.written, "once again")
        await bench.run(S.posted)
        now, real = await bench.clock.business(), await bench.clock.real()
        lease = bench.dependencies.limits.lease
        due = await bench.store.due_messages(9, owner="x", now=now, real=real, lease=lease)
        assert sorted(message.recipient for message in due) == ["ada", "eve"]


async def test_a_proof_is_asked_about_the_round_of_its_effect(tmp_path: Path) -> None:
    asked: list[int] = []

    async def of_round(case: Case[Letter], office: Office) -> NotDone:
        asked.append(case.round)
        return NotDone()

    @action(proof=of_round, once="round")
    async def send(case: Case[Letter], office: Office, key: str) -> None:
        await office.post(f"round {case.round}", key)

    office = PaperOffice(loses=[LOST])
    async with desk(letters(To(S.posted, do=send)), tmp_path, office) as bench:
        await bench.run(S.posted)
        assert asked == [0, 0]
