"""Every kind of incident that the code can open stands in docs/incidents.md and has words in both languages."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache

import pytest

from caseward.console.wording.texts import Texts
from caseward.console.wording.words import LANGUAGES, Language, Words
from states.copyright.pending_codes import ABOUT_CODES
from tests.console.conftest import ROOT
from tests.systems import FLOWS, SYSTEMS
from workflow.engine.notices import UNSENT, UNSURE
from workflow.schedules.outages import KINDS

PAGES = {"en": ROOT / "docs" / "incidents.md", "zh-CN": ROOT / "docs" / "incidents.zh-CN.md"}
OPENING = {"NewIncident": 0, "NeedsPerson": 0, "parked": 1, "_person": 2, "set_apart": 2}
"""What opens an incident, and which of its arguments names the kind."""
AUDIT = "audit_"
"""The audit names its kinds after what does not hold."""
COLUMNS = 5


FILLED_IN = {
    ("states.copyright.collection", "kind"): ABOUT_CODES,
    ("workflow.engine.outbox", "kind"): (UNSENT, UNSURE),
    ("workflow.engine.tick", "needed.kind"): (),
    ("workflow.engine.tick", "failed.cause.kind"): (),
    ("workflow.engine.actions", "error.kind"): (),
    ("workflow.engine.actions", "kind"): ("mistake", "failing"),
    ("workflow.engine.commits", "line.incident"): (),
    ("workflow.engine.commits", "str(state.name)"): (),
    ("workflow.engine.commits", "kind"): (),
    ("workflow.engine.reconcile", "kind"): (),
    ("workflow.store.commits", "kind"): (),
}
"""Where the kind is no word: what it can be, or nothing where who calls it names it, or the table of a flow does."""


@cache
def named() -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The kinds that the code names, and the places where it names none."""
    found, unknown = set[str](), set[tuple[str, str]]()
    for folder in ("workflow", "states", "adapters"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for said in _opening(ast.parse(path.read_text("utf-8"))):
                kinds_ = list(_kinds(said, module))
                found.update(kinds_)
                if not kinds_:
                    unknown.add((module, ast.unparse(said)))
    return frozenset(found), frozenset(unknown)


def kinds() -> frozenset[str]:
    """All that can be opened."""
    found = set(named()[0]) | {kind for each in FILLED_IN.values() for kind in each}
    for flow in FLOWS:
        found |= {str(state.name) for state in flow.states if state.incident}
        found |= {str(line.incident) for _, line in flow.lines() if line.incident}
    return frozenset(found)


def _opening(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = OPENING.get(name)
            if place is not None and len(node.args) > place:
                yield node.args[place]


def _kinds(said: ast.expr, module: str) -> Iterator[str]:
    """A word, a constant of the module, either of two, or words with a part that is filled in."""
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.IfExp):
        yield from _kinds(said.body, module)
        yield from _kinds(said.orelse, module)
    elif isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant):
        yield str(said.values[0].value)
    elif isinstance(said, ast.Name):
        value = getattr(importlib.import_module(module), said.id, None)
        if isinstance(value, str):
            yield value


def rows(language: Language) -> dict[str, list[str]]:
    """The rows of the page's tables, by the kind in their first cell."""
    lines = [line for line in PAGES[language].read_text("utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {re.sub(r"[`*…]", "", row[0]): row for row in cells}


def test_the_code_was_read_at_all() -> None:
    assert named()[1] == FILLED_IN.keys()
    assert {"stuck", "drifted", "mistake", "cannot_tell", "wrong_password", "order_doubled", AUDIT} <= kinds()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_stands_on_the_page_with_what_opens_and_what_ends_it(language: Language) -> None:
    told = rows(language)
    assert sorted(told) == sorted(kinds() | set(KINDS))
    assert [kind for kind, row in told.items() if len(row) != COLUMNS or not all(row)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_words(language: Language) -> None:
    words = [Words(language, name=flow, systems=SYSTEMS.systems) for flow in ("", "copyright", "accounts")]
    assert [kind for kind in sorted(kinds() - {AUDIT}) if not any(f"incident.{kind}" in one for one in words)] == []
    assert [kind for kind in KINDS if f"doctor.outages.{kind}" not in Texts(language)] == []
