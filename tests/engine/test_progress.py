"""What repeats without progress is told after so many tries and hours, and is over when the case gets on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import Counter, Office, PaperOffice, S, counter, desk, doing, letters, never, post
from workflow.backoff import CLOSED_FOR, STUCK_FOR, STUCK_TRIES
from workflow.errors import Closed, Drifted, NotSent
from workflow.flow.case import No, Verdict
from workflow.flow.definition import Line, Stay, To
from workflow.flow.functions import fact
from workflow.testing import Bench

HOUR = timedelta(hours=1)


def silent(number: int) -> NotSent:
    """Its words differ from try to try, as those of time-outs do."""
    return NotSent("office", "post", f"no answer within {number} ms")


async def told(bench: Bench) -> list[str]:
    return [one.kind for one in await bench.store.incidents()]


async def after(bench: Bench, looks: int) -> None:
    """So many looks, each at its due time."""
    for _ in range(looks):
        await bench.sweep()
        due = (await bench.case()).due_at
        assert due is not None
        bench.clock.advance(max(due - await bench.clock.business(), timedelta(seconds=1)))


async def test_a_step_that_never_leaves_is_told_and_tried_on(tmp_path: Path) -> None:
    """400 tries in 16 days told nobody."""
    office = PaperOffice(new_incidents=[silent(number) for number in range(60)])
    async with desk(doing(post), tmp_path, office) as bench:
        begun, tries = await bench.clock.business(), 0
        while not await told(bench):
            await after(bench, 1)
            tries += 1
        lasted = await bench.clock.business() - begun
        assert tries >= STUCK_TRIES
        assert STUCK_FOR <= lasted <= STUCK_FOR + 3 * HOUR
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.bars) == ("stuck", False)
        assert incident.cause == "letters:written:NotSent: office: post", "cases of one cause are one group"
        assert "no answer within" in incident.seen["error"]

        await after(bench, 20)
        assert await told(bench) == ["stuck"], "once, and it is tried on"
        office.new_incidents.clear()
        await bench.run(S.posted)
        assert await told(bench) == []
        assert (await bench.kinds()).count("incident_closed") == 1


@pytest.mark.parametrize("trouble", [silent(1), Drifted("office", "post", "no button")])
async def test_what_a_person_forces_to_its_end_is_told_no_more(tmp_path: Path, trouble: Exception) -> None:
    """Nobody looks at such a case again, so nothing else would ever close its incidents."""
    office = PaperOffice(new_incidents=[trouble] * 60)
    async with desk(doing(post), tmp_path, office) as bench:
        while not await told(bench):
            await after(bench, 1)
        await bench.people.force((await bench.case()).claim.case, S.answered, "settled by telephone")
        assert await told(bench) == []
        assert not (await bench.case()).barred


async def test_what_bars_a_case_bars_it_where_a_person_puts_it(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[Drifted("office", "post", "no button")])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.run(lambda row: row.barred)
        await bench.people.force((await bench.case()).claim.case, S.posted, "looked at once more")
        assert (await bench.case()).barred


async def test_a_question_without_an_answer_is_told_and_ends_when_it_answers(tmp_path: Path) -> None:
    down = [True]

    @fact
    async def asked(office: Office) -> Counter:
        if down[0]:
            raise NotSent("office", "counter", "no connection")
        return await office.counter()

    def many(asked: Counter) -> Verdict:
        return No(letters=asked.letters)

    async with desk(letters(To(S.posted, when=many), facts=[asked]), tmp_path, PaperOffice()) as bench:
        await after(bench, 12)
        assert await told(bench) == ["stuck"]
        down[0] = False
        await after(bench, 1)
        assert await told(bench) == []
        down[0] = True
        await after(bench, 3)
        assert await told(bench) == [], "it is counted from the beginning again"


async def test_a_remote_that_stays_closed_is_told(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[Closed("office", "post", "the site says that it is closed")] * 2000)
    async with desk(doing(post), tmp_path, office) as bench:
        begun = await bench.clock.business()
        while not await told(bench):
            await after(bench, 1)
            assert await bench.clock.business() - begun < CLOSED_FOR + 5 * HOUR
        assert await bench.clock.business() - begun >= CLOSED_FOR
        office.new_incidents.clear()
        await bench.run(S.posted)
        assert await told(bench) == []


async def test_a_night_is_no_trouble(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice()) as bench:
        opens = await bench.clock.business() + 9 * HOUR
        office.new_incidents = [Closed("office", "post", "until eight", opens)]
        await after(bench, 1)
        assert await told(bench) == []
        await bench.run(S.posted)


@pytest.mark.parametrize("tries", [1, STUCK_TRIES - 2])
async def test_a_short_trouble_is_told_to_nobody(tmp_path: Path, tries: int) -> None:
    office = PaperOffice(new_incidents=[silent(number) for number in range(tries)])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.run(S.posted)
        assert "incident_opened" not in await bench.kinds()


def waits(counter: Counter) -> Verdict:
    return No(letters=counter.letters)


async def test_who_waits_for_something_outside_is_not_stuck(tmp_path: Path) -> None:
    lines: list[Line] = [To(S.posted, when=waits)]
    async with desk(letters(*lines, facts=[counter]), tmp_path, PaperOffice()) as bench:
        await after(bench, 30)
        assert await told(bench) == []


async def test_what_a_named_line_failed_at_waits_for_its_next_try_whoever_looks(tmp_path: Path) -> None:
    """Its sweep comes each ten minutes, and knows nothing of due times."""
    office = PaperOffice(new_incidents=[silent(number) for number in range(400)])
    plan = letters(Stay(do=post, name="collect"), To(S.posted, when=never))
    async with desk(plan, tmp_path, office) as bench:
        for _ in range(3 * 24 * 6):
            await bench.engine.sweep("letters", "written", only="collect")
            bench.clock.advance(timedelta(minutes=10))
        assert len(office.calls) < 50, "in three days"
        assert await told(bench) == ["stuck"]
        office.new_incidents.clear()
        for _ in range(5 * 6):
            await bench.engine.sweep("letters", "written", only="collect")
            bench.clock.advance(timedelta(minutes=10))
        assert len(office.taken) == 1
        assert await told(bench) == []


async def test_what_failed_first_is_told_with_what_fails_since(tmp_path: Path) -> None:
    """The incident said only that the remote failed five times in a row and rests."""
    first = NotSent("office", "post", "it does not let us in: token expired")
    resting = NotSent("office", "post", "it rests")
    office = PaperOffice(new_incidents=[first, *[resting] * 40])
    async with desk(doing(post), tmp_path, office) as bench:
        while not await told(bench):
            await after(bench, 1)
        (incident,) = await bench.store.incidents()
        assert (incident.seen["error"], incident.seen["first"]) == (
            "NotSent: office: post: it rests",
            "NotSent: office: post: it does not let us in: token expired",
        )
        await after(bench, 3)
        check = (await bench.case()).claim.check
        assert check is not None
        assert check.body["first"] == incident.seen["first"]
        assert check.count > 1, "equal looks are one run on record"


async def test_one_cause_is_not_told_twice(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")] * 40)
    async with desk(doing(post), tmp_path, office) as bench:
        while not await told(bench):
            await after(bench, 1)
        (incident,) = await bench.store.incidents()
        assert "first" not in incident.seen
