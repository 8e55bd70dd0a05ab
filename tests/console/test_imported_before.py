"""A file that was taken in under an older version of a flow opens nothing anew, whatever became of its cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from tests.console.transcripts import spoken
from workflow.flow.case import Case, No, Verdict
from workflow.flow.definition import Flow, State, To
from workflow.intake.rows import Intake
from workflow.system import System


class Paper(BaseModel):
    """As it was yesterday."""

    model_config = ConfigDict(frozen=True)
    name: str
    pages: str
    before: str | None = None


class Counted(BaseModel):
    """As it is today."""

    model_config = ConfigDict(frozen=True)
    name: str
    sheets: str
    before: str | None = None


class S(StrEnum):
    draft = "draft"
    filed = "filed"
    refused = "refused"


def today(fields: Mapping[str, object]) -> dict[str, object]:
    """Rows and cases say sheets today."""
    return {"sheets" if name == "pages" else name: value for name, value in fields.items()}


def follow(data: Any, former: Case[Any]) -> Any:
    return data.model_copy(update={"before": former.number})


def signed(case: Case[Any]) -> Verdict:
    return No(waits_for="applicant")


def sent_back(case: Case[Any]) -> Verdict:
    return No(waits_for="bureau")


PAPERS: Flow[Any] = Flow(
    "papers",
    version=1,
    data=Paper,
    prefix="PP",
    subject=lambda data: data.name,
    states=[
        State(S.draft, "草稿", To(S.filed, when=signed), To(S.refused, when=sent_back), waits_for="applicant"),
        State(S.filed, "已递交", final=True),
        State(S.refused, "已退回", final=True, ends_badly=True),
    ],
)
LATER = replace(PAPERS, version=2, data=Counted, upcast=lambda version, data: today(data))
ROWS = Intake("papers", former=lambda data: data.before, former_field="before", follow=follow)
YESTERDAY = System("desk", "柜台", "Desk", flows=(PAPERS,), intake=ROWS)
TODAY = System("desk", "柜台", "Desk", flows=(LATER,), intake=replace(ROWS, put_right=today))
PLAIN = replace(TODAY, intake=Intake("papers", put_right=today))
"""Its rows follow no former case."""


def taken(monkeypatch: pytest.MonkeyPatch, system: str, file: Path, *more: str) -> list[tuple[str, bool]]:
    """Number of each row's case, and whether it was there already."""
    monkeypatch.setenv("CASEWARD_APP", f"{__name__}:{system}")
    code, out, err = spoken(["case", "import", str(file), "--json", *more])
    assert code == 0, err
    return [(row["number"], row["already"]) for row in json.loads(out)["data"]]


def moved(number: str, to: str) -> None:
    code, _, err = spoken(["case", "force", number, to, "--reason", "it is over", "--even-so"])
    assert code == 0, err


@pytest.fixture
def file(environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three rows that were taken in yesterday: one is filed, one was refused, one is under way."""
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"name": name, "pages": "7"} for name in ("ada", "bob", "cyd")]), encoding="utf-8")
    assert taken(monkeypatch, "YESTERDAY", path) == [("PP-0001", False), ("PP-0002", False), ("PP-0003", False)]
    moved("PP-0001", "filed")
    moved("PP-0002", "refused")
    return path


@pytest.mark.parametrize("system", ["TODAY", "PLAIN"])
def test_rows_of_before_an_upgrade_are_known(file: Path, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    """Those of cases that were over opened new ones: the same was filed twice."""
    there = [("PP-0001", True), ("PP-0002", True), ("PP-0003", True)]
    assert taken(monkeypatch, system, file, "--dry") == there
    assert taken(monkeypatch, system, file) == there


def test_what_was_filed_anew_before_an_upgrade_is_known_by_its_row(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken(monkeypatch, "YESTERDAY", file, "--again")[1] == ("PP-0004", False)
    assert taken(monkeypatch, "TODAY", file)[1] == ("PP-0004", True)
    moved("PP-0004", "refused")
    assert taken(monkeypatch, "TODAY", file)[1] == ("PP-0004", True)
    assert taken(monkeypatch, "TODAY", file, "--again")[1] == ("PP-0005", False)
    assert taken(monkeypatch, "TODAY", file)[1] == ("PP-0005", True)


def test_a_row_that_says_another_thing_opens_a_case(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(json.dumps([{"name": "ada", "pages": "8"}]), encoding="utf-8")
    assert taken(monkeypatch, "TODAY", file) == [("PP-0004", False)]
