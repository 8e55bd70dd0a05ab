"""`caseward todo`: each kind of wait has a line and a help of its own, and an age that is that of the wait."""

from __future__ import annotations

import ast
import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import Record, open_record
from caseward.app.systems import OPERATOR
from caseward.console.wording.words import LANGUAGES, Words
from tests.console.transcripts import spoken
from tests.flows.matters import people
from tests.house.source import ROOT
from tests.systems import SYSTEMS
from workflow.record.values import Check, Claim, Commit, Json
from workflow.settings import read_settings
from workflow.store import NewCase

LINE = "generating[form_complete+order_missing]"
DAY = timedelta(days=1)


def look(at: datetime, guard: str, waits_for: str | None = OPERATOR, **seen: Any) -> Check:
    refused = {"guard": guard, "ok": False, "seen": seen, "waits_for": waits_for}
    body: Json = {"why": "guards", "state": "unprocessed", "lines": [{"line": LINE, "guards": [refused]}], "facts": {}}
    return Check(f"{guard}{sorted(seen)}{waits_for}", at, at, 1, body)


async def waiting(record: Record, *looks: tuple[timedelta, str, dict[str, Any]]) -> None:
    """A matter that was opened ten days ago and looked at so long ago each."""
    now, real = await record.clock.business(), await record.clock.real()
    new = NewCase("copyright", 3, "RZ", "unprocessed", people().model_dump(mode="json"))
    (made,) = await record.store.create([new], actor="x", reason=None, now=now - 10 * DAY)
    for ago, guard, seen in looks:
        at = now - ago
        commit = Commit("version", check=look(at, guard, **seen))
        await record.store.command(made.case, None, partial(_as_it_is, commit), now=at, real=real)


def _as_it_is(commit: Commit, claim: Claim) -> Commit:
    return commit


def told(*matters: list[tuple[timedelta, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    async def work() -> None:
        async with open_record(read_settings()) as record:
            for looks in matters:
                await waiting(record, *looks)

    asyncio.run(work())
    found: list[dict[str, Any]] = json.loads(spoken(["todo", "--json"])[1])["data"]
    return [one for one in found if one["kind"].startswith("copyright.")]


pytestmark = pytest.mark.usefixtures("copied")
INCOMPLETE = {"incomplete": ["purpose"]}
GONE = {"order": None, "another_costs": "300.00 CNY"}


def test_two_waits_of_one_guard_that_want_another_command_are_two_lines() -> None:
    drafts = {"order": None, "draft": "D-1", "another_costs": "300.00 CNY"}
    kinds = told([(DAY, "order_missing", GONE)], [(DAY, "order_missing", drafts)])
    assert {one["helps"] for one in kinds} == {
        "caseward case give RZ-0011 order-anew amount=SUM reason=TEXT",
        "caseward case give RZ-0012 order-materials amount=SUM reason=TEXT",
    }


def test_the_help_of_a_kind_names_no_single_matter_and_each_matter_has_its_own() -> None:
    (kind,) = told([(DAY, "order_missing", GONE)], [(DAY, "order_missing", GONE)])
    assert kind["helps"] == "caseward case give N order-anew amount=SUM reason=TEXT"
    assert [one["helps"].split()[3] for one in kind["matters"]] == ["RZ-0011", "RZ-0012"]
    shown = spoken(["todo"])[1]
    assert "caseward case give N order-anew" in shown


def test_of_matters_that_want_other_words_each_command_is_shown() -> None:
    told([(DAY, "form_complete", INCOMPLETE)], [(DAY, "form_complete", {"incomplete": ["field"]})])
    shown = spoken(["todo"])[1]
    assert "caseward case edit RZ-0011 purpose=VALUE" in shown
    assert "caseward case edit RZ-0012 field=VALUE" in shown


def test_the_age_is_that_of_the_wait_and_not_of_the_state() -> None:
    """A matter of ten days that waits for staff since yesterday came before one that waits for a week."""
    kinds = told(
        [(9 * DAY, "order_paid", {"waits_for": "generator"}), (DAY, "form_complete", INCOMPLETE)],
        [(8 * DAY, "order_missing", GONE), (7 * DAY, "order_missing", {**GONE, "another_costs": "320.00 CNY"})],
    )
    assert [one["kind"] for one in kinds] == ["copyright.order_missing", "copyright.form_complete"]
    assert [spoken(["todo"])[1].count(span) > 0 for span in ("oldest for 8d", "10d")] == [True, False]


def test_what_people_put_on_hold_waits_since_then() -> None:
    found = {one["kind"]: one for one in json.loads(spoken(["todo", "--json"])[1])["data"]}
    opened = found["login_needed"]["since"]
    assert found["held"]["since"] > opened
    assert found["auto_off"]["since"] > opened


def operator_waits() -> Iterator[tuple[str, str, list[str]]]:
    """Of each No that waits for staff: the file, the function, and the names of what it says it saw."""
    for path in sorted((ROOT / "states").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "No":
                        said = {one.arg: one.value for one in call.keywords}
                        who = said.pop("waits_for", None)
                        if who is not None and OPERATOR in {getattr(one, "value", None) for one in ast.walk(who)}:
                            yield str(path.relative_to(ROOT)), function.name, [name for name in said if name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wait_for_staff_has_a_command_that_helps(language: Any) -> None:
    """Where a guard only hands on what another function found, that one's words count."""
    flows = {"states/accounts.py": "accounts"}
    lacking = []
    for path, function, seen in operator_waits():
        flow = flows.get(path, "copyright")
        words = Words(language, SYSTEMS.plans[flow].flow, flow, SYSTEMS.systems)
        names = [*(f"{function}.{name}" for name in seen), *seen, function]
        if not any(f"helps.{name}" in words for name in names) and (Path(path).stem, function) not in HANDED_ON:
            lacking.append((path, function, seen))
    assert lacking == []


HANDED_ON = {
    ("owners", "doubtful"),
    ("owners", "codes_complete"),
    ("orders", "_of_no_use"),
    ("correction", "answer_open"),
    ("standing", "decided_elsewhere"),
}
"""What these saw has names that are put together, as seal_page, one_phone, filing_gone; or a guard has the word."""


def test_a_wait_without_a_help_would_be_found() -> None:
    assert len(list(operator_waits())) > 20
