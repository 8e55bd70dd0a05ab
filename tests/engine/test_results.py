"""The key that a remote is given after a doubt, and results that do not fit: nothing is done twice for either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from tests.engine.blunders import plan
from tests.engine.letters import Letter, Office, PaperOffice, S, desk, is_posted
from tests.engine.test_mistakes import LOST
from workflow.errors import Refused
from workflow.flow.case import Case, Done, NotDone
from workflow.flow.definition import To
from workflow.flow.functions import Action, action


def paying(**how: Any) -> Action:
    @action(**how)
    async def pay(case: Case[Letter], office: Office, key: str) -> None:
        await office.post("pay", key)

    return pay


@pytest.mark.parametrize(
    "how",
    [
        {"repeatable": True},
        {"proof": is_posted, "once": "round"},
        {"proof": is_posted, "once": "case"},
        {"repeatable": True, "once": "round"},
    ],
)
@pytest.mark.parametrize("after", [LOST, Refused("office", "post", "no stamp"), KeyError("ours"), TimeoutError("slow")])
async def test_after_a_doubt_the_key_stays_whatever_comes_next(tmp_path: Path, how: Any, after: Exception) -> None:
    """A remote that pays once a key pays once, though its first reply was lost and its second one was a no."""
    office = PaperOffice(loses=[LOST], new_incidents=[None, after], answers=[NotDone()])
    async with desk(plan(To(S.posted, do=paying(**how))), tmp_path, office) as bench:
        for _ in range(12):
            await bench.sweep()
            bench.clock.advance(timedelta(hours=1))
        assert len(office.calls) > 1
        assert len(set(office.keys)) == 1


async def test_a_new_decision_keeps_the_key_of_a_doubt(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], new_incidents=[None, Refused("office", "post", "no stamp")])
    async with desk(plan(To(S.posted, do=paying(repeatable=True))), tmp_path, office) as bench:
        await bench.run(S.posted)
        assert (await bench.kinds()).count("decided") == 2
        assert len(set(office.keys)) == 1


# ---------------------------------------------------------------- results that do not fit


class Unspeakable:
    def __repr__(self) -> str:
        raise SystemExit(3)


class Speechless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


class Locked(Mapping[str, Any]):
    def __getitem__(self, name: str) -> Any:
        raise GeneratorExit

    def __iter__(self) -> Iterator[str]:
        raise GeneratorExit

    def __len__(self) -> int:
        return 1


def round_and_round() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["stamp"] = found
    return found


def nest(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


UNFIT: dict[str, Any] = {
    "an unknown field": {"nn": "F-77"},
    "a wrong type": {"stamp": 5},
    "no mapping": "F-77",
    "a list": ["F-77"],
    "what is no JSON": {"stamp": object()},
    "a key that is no name": {5: "F-77"},
    "no number": {"stamp": float("nan")},
    "no number, deep inside": {"notes": [[float("inf")]]},
    "half a character": {"stamp": "red \udc80"},
    "half a character as a name": {"\udc80": "red"},
    "what contains itself": round_and_round(),
    "a nest without a bottom": {"notes": nest(100_000)},
    "what cannot be shown": {"stamp": Unspeakable()},
    "an error that cannot be shown": {"stamp": Speechless("ours")},
    "a mapping that cannot be read": Locked(),
    "more than is kept": {"stamp": "red" * 1_000_000},
    "more fields than are kept": {f"stamp {n}": "red" * 1000 for n in range(1000)},
}
CLASSES: dict[str, dict[str, Any]] = {
    "repeatable": {"repeatable": True},
    "proof": {"proof": is_posted, "once": "round"},
    "sent": {"blind": "sent", "once": "round"},
    "incident": {"blind": "incident", "once": "round"},
}


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("which", UNFIT)
async def test_a_result_that_does_not_fit_was_done_and_is_kept(tmp_path: Path, which: str, kind: str) -> None:
    @action(**CLASSES[kind])
    async def post(case: Case[Letter], office: Office, key: str) -> Any:
        await office.post(case.data.to[0], key)
        return UNFIT[which]

    office = PaperOffice()
    async with desk(plan(To(S.posted, do=post)), tmp_path, office) as bench:
        assert (await bench.sweep()).counts == {"parked": 1}
        (incident,) = await bench.store.incidents()
        assert incident.kind == "unfit_result"
        assert incident.seen["action"] == "post"
        assert "returned" in incident.seen
        (effect,) = (await bench.case()).claim.effects
        assert (effect.status, len(office.calls)) == ("done", 1)
        assert (await bench.kinds())[-2:] == ["settled", "incident_opened"]

        await bench.people.retry((await bench.case()).claim.case, "goes on without it")
        await bench.run(S.posted)
        assert len(office.calls) == 1, "it is never done again for what it gave back"


async def test_a_result_without_bounds_is_kept_in_part_and_taken_by_no_flow(tmp_path: Path) -> None:
    """Fifty megabytes of a stamp: the record keeps how it begins, and no mended flow takes that for the stamp."""

    @action(repeatable=True)
    async def post(case: Case[Letter], office: Office, key: str) -> Any:
        await office.post(case.data.to[0], key)
        return {"stamp": "red " * 12_500_000, "receipt": "F-77"}

    async with desk(plan(To(S.posted, do=post)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        (incident,) = await bench.store.incidents()
        assert "50,000,0" in f"{int(incident.seen['error'].split()[3]):,}"
        assert incident.seen["returned"]["receipt"] == "F-77"
        assert incident.seen["returned"]["stamp"].startswith("'red red ")
        assert len(str(incident.seen)) < 5000
        await bench.people.retry((await bench.case()).claim.case, "goes on without it")
        await bench.run(S.posted)
        assert (await bench.case()).claim.data["stamp"] is None


async def test_an_error_without_words_is_a_mistake_like_any_other(tmp_path: Path) -> None:
    """Its action is not done again for that it cannot be said what went wrong."""

    @action(proof=is_posted, once="round")
    async def post(case: Case[Letter], office: Office, key: str) -> Any:
        await office.post(case.data.to[0], key)
        raise Speechless("ours")

    office = PaperOffice(answers=[Done()])
    async with desk(plan(To(S.posted, do=post)), tmp_path, office) as bench:
        await bench.run(S.posted)
        (settled,) = [event.body for event in await bench.events() if event.kind == "settled"]
        assert settled is not None
        assert settled["first_error"]["error"] == "Speechless: (its words cannot be had: RuntimeError)"
        assert len(office.calls) == 1


async def test_a_kept_result_is_taken_when_the_flow_was_mended(tmp_path: Path) -> None:
    answers: list[Any] = [{"stamp": 5}]

    @action(repeatable=True)
    async def post(case: Case[Letter], office: Office, key: str) -> Any:
        await office.post(case.data.to[0], key)
        return answers[0]

    async with desk(plan(To(S.posted, do=post)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        async with bench.store.engine.begin() as connection:  # as if the field took numbers by now
            await connection.execute(
                text("""UPDATE effects SET first_error = '{"error":"","returned":{"stamp":"5"}}'""")
            )
        await bench.people.retry((await bench.case()).claim.case, "mended")
        await bench.run(S.posted)
        assert (await bench.case()).claim.data["stamp"] == "5"


async def test_a_proof_whose_yes_does_not_fit_is_a_yes(tmp_path: Path) -> None:
    office = PaperOffice(loses=[LOST], answers=[Done({"nn": "F-77"})])
    async with desk(plan(To(S.posted, do=paying(proof=is_posted, once="round"))), tmp_path, office) as bench:
        await bench.run(lambda row: row.barred)
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.seen["returned"]) == ("unfit_result", {"nn": "F-77"})
        await bench.people.retry((await bench.case()).claim.case, "goes on without it")
        await bench.run(S.posted)
        assert len(office.calls) == 1


async def test_personal_values_are_in_no_word_about_a_mistake(tmp_path: Path) -> None:
    @action(repeatable=True)
    async def post(case: Case[Letter]) -> Any:
        return {"to": "13800400001"}

    with structlog.testing.capture_logs() as logs:
        async with desk(plan(To(S.posted, do=post)), tmp_path, PaperOffice()) as bench:
            await bench.sweep()
            (incident,) = await bench.store.incidents()
            assert "13800400001" not in incident.cause
            assert "13800400001" not in incident.seen["error"]
    assert "13800400001" not in str(logs)
