"""Codes that come in while others are handed in: what was read is used up, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.letters import Letter, Office, PaperOffice, S, Value, desk, done, is_posted, letters
from workflow.errors import NotSent, Unknown
from workflow.flow.case import CannotTell, Case, Codes, Verdict, Yes
from workflow.flow.compiled import Plan
from workflow.flow.definition import Stay, To
from workflow.flow.functions import action
from workflow.record.codes_on_file import CodesOnFile


def code_there(codes_on_file: CodesOnFile) -> Verdict | bool:
    return Yes() if "ada" in codes_on_file else False


class Batch(Value):
    """What is handed in at once; its number tells it from those before."""

    id: str


def batch(codes_on_file: CodesOnFile) -> list[Batch]:
    return [Batch(id=str(sum(codes_on_file.used.values())))] if codes_on_file.unused else []


def handing_in(seen: list[str]) -> Plan:
    @action(proof=is_posted, each=batch, once="round")
    async def hand_in(case: Case[Letter], item: Batch, office: Office, codes: Codes, key: str) -> None:
        for code in (await codes.values()).values():
            seen.append(code)
            await office.post(code, key)

    def handed_in(case: Case[Letter]) -> bool:
        return seen[-1:] == ["222222"]

    return letters(To(S.posted, when=handed_in), Stay(when=code_there, do=hand_in))


@pytest.mark.parametrize("lost", [False, True])
async def test_a_code_that_comes_while_another_is_handed_in_is_handed_in_next(tmp_path: Path, lost: bool) -> None:
    """A wrong code was under way, the right one came: it was wiped with the wrong one, and never handed in."""
    office, seen = PaperOffice(answers=[done()]), list[str]()
    office.loses = [Unknown("office", "post", "the line went dead")] if lost else []
    async with desk(handing_in(seen), tmp_path, office) as bench:
        case = (await bench.case()).claim.case
        assert await bench.people.enter_code(case, "ada", "111111")

        async def mend() -> None:
            assert await bench.people.enter_code(case, "ada", "222222")

        office.meanwhile = [mend]
        await bench.run(S.posted)
        assert seen == ["111111", "222222"]
        found = (await bench.case()).claim.codes_on_file
        assert (found.unused, found.used) == (frozenset(), {"ada": 2})


async def test_a_code_that_took_the_place_of_one_that_never_left_is_handed_in_alone(tmp_path: Path) -> None:
    office, seen = PaperOffice(new_incidents=[NotSent("office", "post", "no route")]), list[str]()
    async with desk(handing_in(seen), tmp_path, office) as bench:
        case = (await bench.case()).claim.case
        await bench.people.enter_code(case, "ada", "111111")

        async def mend() -> None:
            await bench.people.enter_code(case, "ada", "222222")

        office.meanwhile = [mend]
        await bench.run(S.posted)
        assert seen == ["111111", "222222"]
        assert (await bench.case()).claim.codes_on_file.used == {"ada": 1}


@pytest.mark.parametrize("happened", [True, False])
async def test_a_code_is_used_up_by_what_a_person_says_happened_and_by_nothing_else(
    tmp_path: Path, happened: bool
) -> None:
    """It lay readable for ever, and was handed in a second time with the next one."""
    office, seen = PaperOffice(answers=[CannotTell("no answer")]), list[str]()
    office.loses = [Unknown("office", "post", "the line went dead")]
    async with desk(handing_in(seen), tmp_path, office) as bench:
        case = (await bench.case()).claim.case
        await bench.people.enter_code(case, "ada", "111111")
        await bench.run(lambda row: row.barred)
        (effect,) = (await bench.case()).claim.effects
        await bench.people.settle(case, effect.key, happened=happened, reason="he rang them up")
        found = (await bench.case()).claim.codes_on_file
        assert (found.unused, found.used) == ((frozenset(), {"ada": 1}) if happened else ({"ada"}, {}))
