"""What a case is about, which no two live cases may share, is told anew where its flow has a newer version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.engine.letters import PaperOffice, S, desk, letters, never
from tests.engine.test_upgrades import after
from workflow.flow.compiled import Plan
from workflow.flow.definition import To


async def test_what_a_raised_case_is_about_is_told_as_today(tmp_path: Path) -> None:
    """Else a second case about the same would be let in beside it."""
    async with desk(letters(To(S.posted, when=never)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        assert (await bench.case()).subject is None
        today = Plan(replace(letters(To(S.posted), version=2).flow, subject=lambda data: "a letter"))
        async with after(bench, today) as newer:
            newer.clock.advance((await newer.case()).due_at - await newer.clock.business())  # type: ignore[operator]
            await newer.sweep()
            assert (await newer.case()).subject == "a letter"
            assert await newer.store.verify() is None
