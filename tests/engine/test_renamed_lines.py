"""A line whose guards changed goes on with the decisions that were made by it under its earlier keys."""

from __future__ import annotations

from pathlib import Path

from tests.engine.letters import Letter, PaperOffice, S, desk, letters, post
from tests.engine.test_upgrades import after
from workflow.errors import NotSent
from workflow.flow.case import Case
from workflow.flow.definition import Stay, To


async def test_a_line_is_found_by_each_key_that_it_had(tmp_path: Path) -> None:
    """A line that stays keeps its earlier keys as one that leads on does; a key of today is nobody's earlier one."""

    def sure(case: Case[Letter]) -> bool:
        return True

    office = PaperOffice(new_incidents=[NotSent("office", "post", "no route")])
    async with desk(letters(Stay(do=post), To(S.posted)), tmp_path, office) as bench:
        await bench.sweep()
        now = letters(Stay(when=sure, do=post, was=["stay:post[once]", "stay:post[]"]), To(S.posted), version=2)
        async with after(bench, now) as newer:
            await newer.run(S.posted)
            assert (await newer.kinds()).count("decided") == 1
    both = letters(Stay(when=sure, do=post), To(S.posted, was="stay:post[sure]"))
    found = both.line(S.written, "stay:post[sure]")
    assert found is not None
    assert found.dest is None
