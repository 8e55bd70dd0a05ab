"""What one case's bad guard, fact or data does to it, and that it does nothing to its neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from caseward.console.wording.texts import Texts
from tests.engine.letters import Counter, Letter, Office, PaperOffice, S, counter, desk, letters, post
from workflow.errors import NeedsPerson
from workflow.flow.case import Case, Verdict
from workflow.flow.definition import Line, To
from workflow.flow.functions import fact
from workflow.sentence import read


def raising(case: Case[Letter]) -> bool:
    raise LookupError("no such street")


def forgetful(case: Case[Letter]) -> Any:
    """A forgotten return."""


def dreaming(case: Case[Letter]) -> Any:
    async def later() -> bool:
        return True

    return later()


def chatty(case: Case[Letter]) -> Any:
    return "yes"


def for_eve(case: Case[Letter]) -> Verdict:
    return case.data.to == ("eve",)


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        (raising, "LookupError: no such street"),
        (forgetful, "answered None, which is no verdict"),
        (dreaming, "which is no verdict"),
        (chatty, "answered 'yes', which is no verdict"),
    ],
)
async def test_a_guard_that_gives_no_verdict_fails_the_tick_and_in_the_end_a_person_is_asked(
    tmp_path: Path, guard: Any, said: str
) -> None:
    async with desk(letters(To(S.posted, when=guard)), tmp_path, PaperOffice()) as bench:
        swept = await bench.sweep()
        assert swept.counts == {"failed": 1}
        why = await bench.why()
        assert why.reason == "retry_backoff"
        assert said in why.detail["error"]

        await bench.run(lambda row: row.barred)
        assert [one.kind for one in await bench.store.incidents()] == ["mistake"]
        assert (await bench.kinds())[0] == "created"


async def test_no_later_line_is_taken_in_place_of_one_whose_guard_cannot_tell(tmp_path: Path) -> None:
    plan = letters(To(S.posted, when=raising), To(S.posted, when=for_eve))
    async with desk(plan, tmp_path, PaperOffice(), to=("eve",)) as bench:
        await bench.sweep()
        assert (await bench.case()).claim.state == S.written


async def test_a_guard_may_ask_for_a_person(tmp_path: Path) -> None:
    def doubtful(case: Case[Letter]) -> bool:
        raise NeedsPerson("two_addresses", to=case.data.to)

    async with desk(letters(To(S.posted, when=doubtful)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.seen) == ("two_addresses", {"to": ["ada"]})


async def test_a_bad_case_takes_none_of_its_batch_along(tmp_path: Path) -> None:
    def good_address(case: Case[Letter]) -> bool:
        if case.data.to == ("nobody",):
            raise LookupError("no such street")
        return True

    async with desk(letters(To(S.posted, when=good_address, do=post)), tmp_path, PaperOffice()) as bench:
        for name in ("nobody", "eve", "nobody", "bob"):
            await bench.open(Letter(to=(name,)))
        swept = await bench.engine.sweep("letters", "written")
        assert swept.counts == {"moved": 3, "failed": 2}


async def test_data_that_cannot_be_read_is_set_apart_and_the_others_run_on(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted)), tmp_path, PaperOffice()) as bench:
        await bench.open(Letter(to=("eve",)))
        async with bench.store.engine.begin() as connection:
            await connection.execute(text("""UPDATE cases SET data = '{"to": 7}' WHERE number = 'LT-0001'"""))
        await bench.sweep()

        spoilt, sound = await bench.store.case("LT-0001"), await bench.store.case("LT-0002")
        assert sound.claim.state == S.posted
        assert spoilt.barred
        (incident,) = await bench.store.incidents()
        assert incident.kind == "unreadable_data"
        told = read(incident.seen["sentences"]["error"]["why"])
        assert (told, Texts("zh-CN").told(told)) == ("to: it is no list", "to：不是列表")


async def test_a_fact_that_answers_another_shape_fails_and_is_not_recorded_as_known(tmp_path: Path) -> None:
    @fact
    async def shapeless(office: Office) -> int:
        return "many"  # type: ignore[return-value]

    def many(shapeless: int) -> bool:
        return shapeless > 3

    async with desk(letters(To(S.posted, when=many), facts=[shapeless]), tmp_path, PaperOffice()) as bench:
        assert (await bench.sweep()).counts == {"failed": 1}
        assert "Expected `int`" in (await bench.why()).detail["error"]


async def test_a_fact_is_asked_once_a_look_however_many_guards_name_it(tmp_path: Path) -> None:
    def few(counter: Counter) -> bool:
        return counter.letters > 3

    def none(counter: Counter) -> bool:
        return counter.letters < 0

    lines: list[Line] = [To(S.posted, when=few), To(S.posted, when=none)]
    async with desk(letters(*lines, facts=[counter]), tmp_path, office := PaperOffice()) as bench:
        await bench.sweep()
        assert office.asked == 1
