"""What the record keeps by a name of ours has a word in both languages: steps of adapters, what is given, fields."""

from __future__ import annotations

import ast
import typing
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from caseward.console.wording.words import LANGUAGES, Language, Words
from tests.house.source import ROOT
from tests.systems import REGISTRATION
from workflow.errors import RemoteError

FLOW = next(flow for flow in REGISTRATION.flows if flow.name == "copyright")
ERRORS = {one.__name__ for one in RemoteError.__subclasses__()}
ROOMS = ("adapters/bureau", "adapters")
OF_BROWSER = {"context", "start"}
"""Steps of Chromium's own start, which no case's record has."""


def words(language: Language) -> Words:
    return Words(language, FLOW, "copyright", [REGISTRATION])


def steps() -> set[str]:
    """The names that adapters give to a parameter `step`, without what stands before a colon."""
    trees = [ast.parse(path.read_text("utf-8")) for room in ROOMS for path in sorted((ROOT / room).glob("*.py"))]
    places: dict[str, set[int]] = {name: {1} for name in ERRORS}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [one.arg for one in node.args.args if one.arg != "self"]
                if "step" in names:
                    places.setdefault(node.name, set()).add(names.index("step"))
    found = set[str]()
    for tree in trees:
        for node in ast.walk(tree):
            for told in _told(node, places):
                if isinstance(told, ast.Constant) and isinstance(told.value, str):
                    found |= {part for part in told.value.split(": ") if part}
    return found - OF_BROWSER


def _told(node: ast.AST, places: dict[str, set[int]]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        yield from (node.args[place] for place in places.get(name, ()) if place < len(node.args))
        yield from (word.value for word in node.keywords if word.arg == "step")
    if isinstance(node, ast.Assign) and any(getattr(one, "id", "").lower() == "step" for one in node.targets):
        yield node.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_and_every_give_has_a_word(language: Language) -> None:
    known = words(language)
    assert len(steps()) > 20
    assert sorted(name for name in steps() if f"step.{name}" not in known) == []
    assert [one.name for one in REGISTRATION.gives if f"give.{one.name}" not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_registration_has_a_word(language: Language) -> None:
    known = words(language)
    lacking = [name for name in sorted(_fields(FLOW.data)) if f"seen.{name}" not in known]
    assert [name for name in lacking if f"field.{name}" not in known] == []


def _fields(model: type[BaseModel]) -> set[str]:
    found, left, seen = set[str](), [model], set[type]()
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        for name, field in one.model_fields.items():
            found.add(name)
            left += [inner for inner in _kinds(field.annotation) if issubclass(inner, BaseModel)]
    return found


def _kinds(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    for one in typing.get_args(annotation):
        yield from _kinds(one)
