"""Two flows that take things of one name: the case's own flow decides; what nobody asked for is refused."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from caseward.app.installation import Record, open_record
from caseward.app.systems import Installed, Systems
from states.copyright.demonstration.papers import agreement
from tests.console.transcripts import spoken
from workflow.errors import SettingsError
from workflow.flow.case import Case, No, Verdict, Yes
from workflow.flow.definition import Flow, State, To
from workflow.intake.gives import Give, Part, SecretKind, field_given
from workflow.intake.values import Document
from workflow.settings import read_settings
from workflow.store import NewCase
from workflow.system import System, SystemSettings


class Papers(BaseModel):
    """What either flow is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    complete: bool = False
    letters: dict[str, str] = {}
    scan: Document | None = None


class S(StrEnum):
    draft = "draft"
    filed = "filed"


def complete(case: Case[Papers]) -> Verdict:
    """Everything that the office wants is there."""
    return Yes() if case.data.complete else No(waits_for="applicant")


def table(name: str, prefix: str) -> Flow:
    states = [
        State(S.draft, "草稿", To(S.filed, when=complete), waits_for="applicant"),
        State(S.filed, "已递交", final=True),
    ]
    return Flow(name, version=1, data=Papers, facts=[], prefix=prefix, states=states)


def letter(flow: str, *more: str) -> Give:
    def patch(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
        return {"letters": {**data["letters"], given.get("of", flow): given["file"].digest}}

    return Give("letter", flow, {"file": Part("pdf", "letter"), **{name: Part("text") for name in more}}, patch)


def secret(name: str, owner: str, digits: int, wanted: Collection[str]) -> SecretKind:
    def read(text: str) -> str | None:
        return text if len(text) == digits and text.isdigit() else None

    return SecretKind(name, "visa", lambda case: {owner: owner.title()}, lambda case: wanted, read)


VISA, PERMIT = table("visa", "VS"), table("permit", "PM")
OFFICE = System(
    "office",
    "办事处",
    "Office",
    flows=(VISA, PERMIT),
    gives=(field_given("visa", "complete"), field_given("permit", "complete"), letter("visa"), letter("permit", "of")),
    secrets=(secret("bank", "bank", 4, ["bank"]), secret("code", "ada", 6, ["ada"]), secret("more", "bob", 6, [])),
    people=frozenset({"applicant"}),
)


@pytest.fixture(autouse=True)
def cases(monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    """VS-0001 and PM-0001."""
    monkeypatch.setenv("CASEWARD_APP", "tests.console.test_gives_by_flow:OFFICE")

    async def opened() -> None:
        async with open_record(read_settings()) as record:
            await filled(record)

    asyncio.run(opened())


async def filled(record: Record) -> None:
    now = await record.clock.business()
    for flow in (VISA, PERMIT):
        new = NewCase(flow.name, 1, flow.prefix, "draft", Papers(name="ada").model_dump(mode="json"))
        await record.store.create([new], actor="x", reason=None, now=now)


def answered(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken([*args, "--json", "--no-input"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


def data_of(number: str) -> Any:
    return answered("case", "show", number)["data"]


def test_a_field_of_one_name_is_given_to_the_cases_own_flow() -> None:
    for number in ("VS-0001", "PM-0001"):
        answered("case", "give", number, "complete=true")
        assert data_of(number)["complete"] is True


def test_a_paper_of_one_name_asks_for_what_the_cases_own_flow_asks_for(tmp_path: Path) -> None:
    page = tmp_path / "letter.pdf"
    page.write_bytes(agreement("x", ["A", "B"]))
    answered("case", "upload", "VS-0001", "letter", str(page))
    assert list(data_of("VS-0001")["letters"]) == ["visa"]
    error = answered("case", "upload", "PM-0001", "letter", str(page), code=2)
    assert "caseward case give N letter file=FILE of=OF" in error["hint"]
    answered("case", "give", "PM-0001", "letter", f"file={page}", "of=bank")
    assert list(data_of("PM-0001")["letters"]) == ["bank"]
    error = answered("case", "give", "VS-0001", "letter", f"file={page}", "of=bank", code=2)
    assert ("letter has no part of" in error["detail"], error["hint"]) == (True, "one of: file")


def test_what_a_give_does_not_know_is_refused() -> None:
    error = answered("case", "give", "VS-0001", "complete", "complete=true", "compelte=true", code=2)
    assert (error["code"], "complete has no part compelte" in error["detail"]) == ("usage", True)
    assert data_of("VS-0001")["complete"] is False


def test_a_file_for_a_field_of_documents_is_told_how_files_are_given() -> None:
    error = answered("case", "give", "VS-0001", "scan=bank.pdf", code=2)
    assert "scan holds documents" in error["detail"]
    assert error["hint"].endswith(
        "caseward case give VS-0001 letter file=FILE · caseward case give VS-0001 letter file=FILE of=OF"
    )
    error = answered("case", "give", "VS-0001", "letter=bank.pdf", code=2)
    assert "caseward case give VS-0001 letter file=FILE" in error["hint"]
    error = answered("case", "give", "VS-0001", "scna=bank.pdf", code=2)
    assert "complete, letter" in error["hint"]


def test_two_gives_of_one_name_and_flow_are_refused() -> None:
    twice = replace(OFFICE, gives=(*OFFICE.gives, field_given("visa", "complete")))
    with pytest.raises(SettingsError, match="the system office brings two: give complete of visa"):
        Systems((Installed(twice, SystemSettings(), {}),))


@pytest.mark.parametrize(("owner", "typed"), [("bank", "1234"), ("ada", "123456"), ("Ada", "123456")])
def test_a_code_is_read_as_the_kind_of_its_owner_reads_it(
    monkeypatch: pytest.MonkeyPatch, owner: str, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    answered("case", "code", "VS-0001", "--owner", owner)


def test_a_code_of_whom_none_is_wanted_is_refused_and_all_are_named() -> None:
    assert answered("case", "code", "VS-0001", "--owner", "bob", code=6)["code"] == "not_allowed"
    assert "Bank (bank), Ada (ada), Bob (bob)" in answered("case", "code", "VS-0001", "--owner", "x", code=2)["hint"]


BARE = System("bare", "空", "Bare", flows=(VISA, PERMIT))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_where_nothing_can_be_given_no_empty_list_of_names_is_told(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("CASEWARD_APP", "tests.console.test_gives_by_flow:BARE")
    monkeypatch.setenv("CASEWARD_LANG", language)
    hint = answered("case", "give", "VS-0001", "complete=true", code=2)["hint"]
    assert ("caseward system list" in hint, hint.endswith(("one of: ", "可用："))) == (True, False)
