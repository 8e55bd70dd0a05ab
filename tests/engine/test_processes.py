"""Whose death is certain, and who may be killed: a name out of a row proves nothing by itself."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from caseward.console.terminal.complaints import complaint_of
from caseward.console.wording.texts import Texts
from tests.engine.letters import Office, PaperOffice, S, desk, doing, done, post
from workflow.engine import processes
from workflow.engine.processes import gone, killed, lives, mark, named, started_at, this_host, this_place, this_process
from workflow.errors import Conflict, Unknown
from workflow.flow.remotes import Remote
from workflow.testing import Bench

WORKER = """
import sys, time
from pathlib import Path
from workflow.engine.processes import mark, this_process
held = mark(this_process(), Path(sys.argv[1])) if len(sys.argv) > 1 else None
print(this_process(), flush=True)
time.sleep(600)
"""
ELSEWHERE = "0123456789ab.4026539999"
"""Another start of another machine, and another space of processes."""


@contextmanager
def another(*folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of its own, and its name; it holds the mark of the folder, if one is given."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, *map(str, folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def placed(process: str, where: str, host: str | None = None) -> str:
    one = named(process)
    assert one is not None
    return f"{host or one.host}/{one.pid}/{one.start}/{where}"


def test_a_worker_of_ours_is_killed_by_its_name(tmp_path: Path) -> None:
    with another(tmp_path) as (process, name):
        assert not gone(name, tmp_path)
        assert killed(name, tmp_path)
        assert process.wait(5) == -9
        assert gone(name, tmp_path)


def test_a_process_that_only_a_row_names_is_never_killed(tmp_path: Path) -> None:
    with another() as (process, name), another(tmp_path) as (ours, _):
        for row in (
            name,  # it works for nobody here
            placed(name, this_place()),
            f"{this_host()}/{process.pid}/{started_at(process.pid)}",  # as it was written before
            f"{this_host()}/{ours.pid}/{started_at(ours.pid)}/{ELSEWHERE}",
            f"{this_host()}/{ours.pid}/1/{this_place()}",
            f"{this_host()}/1/{started_at(1)}/{this_place()}",
            f"{this_host()}/{os.getpid()}/{started_at(os.getpid())}/{this_place()}",
        ):
            assert not killed(row, tmp_path), row
        assert process.poll() is None
        assert ours.poll() is None


def test_a_worker_of_another_data_folder_is_not_killed(tmp_path: Path) -> None:
    """A database that was restored elsewhere names the workers of where it came from."""
    with another(tmp_path / "theirs") as (process, name):
        assert not killed(name, tmp_path / "ours")
        assert process.poll() is None


@pytest.mark.parametrize(
    "row", ["", "elsewhere", "a/b/c", "h/-1/2/x", "h/99999999999999999999/2/x", "h/7/2/x/y", "h/٣/2"]
)
def test_what_is_no_name_of_a_process_is_neither_dead_nor_killed(tmp_path: Path, row: str) -> None:
    assert not gone(row, tmp_path)
    assert not killed(row, tmp_path)


def test_a_living_worker_of_another_container_is_not_taken_for_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number means nothing here, or another process; only its mark tells."""
    boot, _, _ = this_place().partition(".")
    with another(tmp_path) as (process, name):
        monkeypatch.setattr(processes, "this_place", lambda: f"{boot}.4026539999")
        assert not gone(name, tmp_path)
        assert not killed(name, tmp_path)
        assert not gone(placed(name, f"{boot}.4026531111"), tmp_path)  # it holds no mark that we can look at
        process.kill()
        process.wait()
        assert gone(name, tmp_path)


def test_after_a_restart_of_the_machine_the_mark_tells(tmp_path: Path) -> None:
    with another(tmp_path) as (process, name):
        process.kill()
    before = placed(name, ELSEWHERE)
    assert not gone(before, tmp_path)
    os.rename(processes._mark_of(name, tmp_path), processes._mark_of(before, tmp_path))
    assert gone(before, tmp_path)
    assert not gone(placed(name, ELSEWHERE, host="another-machine"), tmp_path)


def test_the_name_of_a_process_fits_its_column() -> None:
    longest = f"{'h' * 64}/{2**22}/{2**40}/{this_place()}/beat"
    assert len(longest) <= 120
    assert len(this_process().split("/")) == 4


def test_the_mark_is_held_once_and_let_go_with_its_holders(tmp_path: Path) -> None:
    first, second = mark(this_process(), tmp_path), mark(this_process(), tmp_path)
    assert first is second
    assert not gone(this_process(), tmp_path)
    del first, second
    assert not gone(this_process(), tmp_path)  # it lives, whatever it holds


def test_marks_of_the_long_dead_are_cleared_and_no_living_ones(tmp_path: Path) -> None:
    with another(tmp_path) as (process, lives), another(tmp_path) as (_, dies):
        for name in (lives, dies):
            os.utime(processes._mark_of(name, tmp_path), (1, 1))
        assert killed(dies, tmp_path)
        held = mark(this_process(), tmp_path)
        assert held is not None
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {processes._mark_of(name, tmp_path).name for name in (lives, this_process())}
        assert process.poll() is None


async def test_a_row_that_names_a_stranger_ends_with_a_person_and_a_living_stranger(tmp_path: Path) -> None:
    office = PaperOffice(loses=[Unknown("office", "post", "the line went dead")], answers=[done()])
    with another() as (process, name):
        async with desk(doing(post), tmp_path, office, remotes=[Remote("office", Office, office)]) as letters:
            await letters.sweep()
            with closing(sqlite3.connect(tmp_path / "bench.db")) as database, database:
                database.execute("update effects set process = ?, stage = 'fence', check_at = null", [name])
            await letters.run(lambda row: row.barred or row.claim.state == S.posted)

            assert process.poll() is None
            assert [one.kind for one in await letters.store.incidents()] == ["no_fence"]
            assert office.asked == 0


def test_a_worker_lives_that_holds_its_mark_and_nobody_else_does(tmp_path: Path) -> None:
    with another(tmp_path) as (process, name), another() as (_, stranger):
        assert lives(name, tmp_path)
        assert lives(this_process(), tmp_path), "one of this very process needs no mark to be seen"
        for row in (stranger, placed(name, ELSEWHERE), f"{this_host()}/{process.pid}/{started_at(process.pid)}", "x"):
            assert not lives(row, tmp_path), row
        process.kill()
        process.wait()
        assert not lives(name, tmp_path)


def by(letters: Bench, process: str) -> None:
    """The call that is under way is that of another process."""
    path = letters.dependencies.journal.path.parent / "bench.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("update effects set process = ?", [process])


@pytest.mark.parametrize("happened", [True, False])
async def test_nobody_settles_what_a_frozen_worker_has_under_way(tmp_path: Path, happened: bool) -> None:
    """Its lease is over, and its click lands when it thaws: a word that nothing happened would have it done twice."""
    office = PaperOffice()
    with another(tmp_path / "processes") as (process, name):
        async with desk(doing(post), tmp_path, office) as letters:
            told: list[str] = []

            async def meanwhile() -> None:
                by(letters, name)
                process.send_signal(signal.SIGSTOP)
                letters.clock.advance(timedelta(hours=1))
                row = await letters.case()
                (effect,) = row.claim.effects

                async def settle() -> None:
                    await letters.people.settle(row.claim.case, effect.key, happened=happened, reason="he rang them")

                with pytest.raises(Conflict, match="may still be at work on post") as refused:
                    await settle()
                told.append(str(refused.value))
                process.kill()
                process.wait()
                await settle()

            office.meanwhile = [meanwhile]
            await letters.sweep()
            assert len(told) == 1
            assert f"end process {process.pid} on {this_host()}, then settle it again" in told[0]
            assert (await letters.kinds()).count("settled") == 1


async def test_nobody_settles_what_a_living_worker_elsewhere_has_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person is asked, because nothing here ends it; he ends it first."""
    office = PaperOffice(loses=[Unknown("office", "post", "the line went dead")], answers=[done()])
    boot, _, _ = this_place().partition(".")
    with another(tmp_path / "processes") as (process, name):
        async with desk(doing(post), tmp_path, office, remotes=[Remote("office", Office, office)]) as letters:
            await letters.sweep()
            by(letters, name)
            with closing(sqlite3.connect(tmp_path / "bench.db")) as database, database:
                database.execute("update effects set status = 'intended', stage = null, check_at = null")
            monkeypatch.setattr(processes, "this_place", lambda: f"{boot}.4026539999")
            await letters.run(lambda row: row.barred)
            assert [one.kind for one in await letters.store.incidents()] == ["no_fence"]
            row = await letters.case()
            (effect,) = row.claim.effects
            with pytest.raises(Conflict, match="may still be at work") as refused:
                await letters.people.settle(row.claim.case, effect.key, happened=False, reason="he rang them up")
            assert f"end process {process.pid} on" in complaint_of(refused.value, Texts("en")).cure
            told = complaint_of(refused.value, Texts("zh-CN"))
            assert f"上的进程 {process.pid}" in told.cure
            assert "仍在办理" in told.cause
            process.kill()
            process.wait()
            await letters.people.settle(row.claim.case, effect.key, happened=True, reason="he rang them up")
            await letters.run(S.posted)
            assert await letters.store.incidents() == []
