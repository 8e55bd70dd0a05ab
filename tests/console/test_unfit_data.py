"""A model that does not take the data of its live cases is told before a look, and its incident says the cure."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from caseward.app.installation import open_record
from tests.console.transcripts import spoken
from workflow.flow.definition import Flow, State, To
from workflow.record.values import NewIncident
from workflow.settings import read_settings
from workflow.store import NewCase
from workflow.system import System


class Paper(BaseModel):
    """As it was yesterday."""

    model_config = ConfigDict(frozen=True)
    name: str


class Dated(Paper):
    """As it is today."""

    day: str


class S(StrEnum):
    draft = "draft"
    filed = "filed"


PAPERS = Flow(
    "papers",
    version=1,
    data=Paper,
    prefix="PP",
    states=[State(S.draft, "草稿", To(S.filed), waits_for="applicant"), State(S.filed, "已递交", final=True)],
)
TODAY = System("desk", "柜台", "Desk", flows=(replace(PAPERS, data=Dated),))


@pytest.fixture
def incident(environment: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of PP-0001, which was opened yesterday and looked at today."""
    monkeypatch.setenv("CASEWARD_APP", "tests.console.test_unfit_data:TODAY")

    async def opened() -> str:
        async with open_record(read_settings()) as record:
            now = await record.clock.business()
            new = NewCase("papers", 1, "PP", "draft", {"name": "ada"})
            (made,) = await record.store.create([new], actor="x", reason=None, now=now)
            trouble = NewIncident("unreadable_data", "unreadable_data", {"error": "day"})
            await record.store.report(made.case, [trouble], [], actor="worker:x", now=now)
            return (await record.store.incidents())[0].id

    return asyncio.run(opened())


def test_a_field_that_was_added_under_the_same_version_is_told_with_both_cures(incident: str) -> None:
    """`flow check` and doctor were silent, and the incident said only to try again."""
    code, _, err = spoken(["flow", "check"])
    told = " ".join(err.split())
    assert code != 0
    assert "Dated does not take the data of live cases of this version 1, such as PP-0001" in told
    assert "say version=2 and upcast=, a function" in told
    looked = " ".join(spoken(["doctor"])[1].split())
    assert "the model of papers does not take the data of live cases of version 1, such as PP-0001" in looked
    assert "raise version= and write upcast=" in looked
    shown = " ".join(spoken(["incident", "show", incident[:8]])[1].split())
    assert "raise version= and write upcast=" in shown
    assert "caseward case retry PP-0001 --reason TEXT" in shown
    told = " ".join(spoken(["--lang", "zh-CN", "flow", "check"])[2].split())
    assert "Dated 不接受办理中本版（第 1 版）题目的数据" in told
