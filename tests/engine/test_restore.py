"""A database that was put back forgets calls; the journal does not, and nothing is called twice."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.engine.letters import Letter, PaperOffice, S, desk, doing, done, letters, post, stamp, whisper
from workflow.engine.startup_checks import recall_calls
from workflow.errors import NotSent
from workflow.flow.case import Case, NotDone
from workflow.flow.definition import To
from workflow.testing import Bench


async def backup(bench: Bench, folder: Path) -> Callable[[], Awaitable[None]]:
    """The database as it stands now, and how to put it back; the journal stays as it is."""
    await bench.store.engine.dispose()
    shutil.copytree(folder, folder / "backup", ignore=shutil.ignore_patterns("backup", "journal*"))

    async def put_back() -> None:
        await bench.store.engine.dispose()
        for file in folder.glob("bench.db*"):
            file.unlink()
        for file in (folder / "backup").glob("bench.db*"):
            shutil.copy(file, folder / file.name)

    return put_back


async def restarted(bench: Bench) -> int:
    return await recall_calls(bench.store, bench.dependencies.journal, bench.clock)


async def test_a_call_that_the_backup_forgot_is_adopted_and_found_out_before_anything_is_done(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice(answers=[done("found")])) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.run(S.posted)
        await put_back()
        assert (await bench.case()).claim.state == S.written

        assert await restarted(bench) == 1
        (incident,) = await bench.store.incidents()
        assert incident.kind == "forgotten"
        await bench.sweep()
        assert (len(office.calls), (await bench.case()).claim.state) == (1, S.written)

        await bench.people.retry((await bench.case()).claim.case, "the restore was looked through")
        await bench.run(S.posted)
        assert len(office.calls) == 1
        assert await bench.store.verify() is None


async def test_a_restart_without_a_restore_adopts_nothing(tmp_path: Path) -> None:
    async with desk(doing(stamp, post), tmp_path, PaperOffice()) as bench:
        await bench.run(S.posted)
        before = await bench.store.timeline()
        assert await restarted(bench) == 0
        assert await bench.store.timeline() == before
        assert await bench.store.incidents(open_only=False) == []


async def test_a_restore_begins_a_new_timeline_that_no_old_worker_belongs_to(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(answers=[done()])) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.run(S.posted)
        old = (await bench.case()).claim.epoch
        await put_back()
        await restarted(bench)
        await bench.people.retry((await bench.case()).claim.case, "looked through")
        await bench.run(S.posted)
        assert (await bench.case()).claim.epoch > old
        assert (await bench.case()).claim.epoch.timeline == old.timeline + 1


async def test_a_restart_after_the_restore_adopts_each_call_once(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(answers=[done()])) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.run(S.posted)
        await put_back()
        assert await restarted(bench) == 1
        assert await restarted(bench) == 0
        assert len(await bench.store.incidents()) == 1


async def test_a_forgotten_call_that_did_not_happen_is_made_again(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")], answers=[NotDone()])
    async with desk(doing(post), tmp_path, office) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.sweep()
        await put_back()
        assert await restarted(bench) == 1
        await bench.people.retry((await bench.case()).claim.case, "looked through")
        await bench.run(S.posted)
        assert len(office.taken) == 1


async def test_a_blind_word_that_the_backup_forgot_is_not_said_again(tmp_path: Path) -> None:
    async with desk(doing(whisper), tmp_path, office := PaperOffice()) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.run(S.posted)
        await put_back()
        await restarted(bench)
        await bench.people.retry((await bench.case()).claim.case, "looked through")
        await bench.run(S.posted)
        assert len(office.calls) == 1


async def test_a_later_try_that_the_backup_forgot_is_adopted_over_the_earlier_one(tmp_path: Path) -> None:
    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")], answers=[done()])
    async with desk(doing(post), tmp_path, office) as bench:
        await bench.sweep()
        put_back = await backup(bench, tmp_path)
        await bench.run(S.posted)
        await put_back()

        assert await restarted(bench) == 1
        (effect,) = (await bench.case()).claim.effects
        assert (effect.attempt, effect.status) == (2, "unknown")
        await bench.people.retry((await bench.case()).claim.case, "looked through")
        await bench.run(S.posted)
        assert len(office.calls) == 2


async def test_a_case_that_the_backup_never_knew_stops_no_start(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(answers=[done()])) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.open(Letter(to=("eve",)))
        await bench.sweep()
        await put_back()
        assert await restarted(bench) == 2
        assert len(await bench.store.incidents()) == 1


async def test_guards_are_not_asked_while_a_forgotten_call_is_open(tmp_path: Path) -> None:
    asked: list[str] = []

    def sure(case: Case[Letter]) -> bool:
        asked.append(case.number)
        return True

    async with desk(letters(To(S.posted, when=sure, do=post)), tmp_path, PaperOffice(answers=[done()])) as bench:
        put_back = await backup(bench, tmp_path)
        await bench.run(S.posted)
        await put_back()
        await restarted(bench)
        await bench.people.retry((await bench.case()).claim.case, "looked through")
        asked.clear()
        await bench.engine.sweep("letters", "written")
        assert "settled" in await bench.kinds()
        settled = (await bench.kinds()).index("settled")
        assert not {"moved", "decided"} & set((await bench.kinds())[:settled])
