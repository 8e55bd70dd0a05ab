"""The reference is whole: every public name, its signature as the code has it, its parameters, and an example."""

from __future__ import annotations

import inspect
import re

import pytest

import workflow
import workflow.system
import workflow.testing
from tests.docs.pages import Page
from tests.docs.reference import GIVEN, PAGES, names, written

CHAPTER = re.compile(r"^## ", re.MULTILINE)


@pytest.mark.parametrize("found", PAGES, ids=lambda found: found.path.name)
def test_the_signatures_are_those_of_the_code(found: Page) -> None:
    """To write them anew: python -m tests.docs.reference."""
    assert found.text == written(found)
    assert "SIGNATURE" not in found.text


@pytest.mark.parametrize("name", [name for name, _ in names()])
def test_a_public_name_has_its_place_and_an_example(name: str) -> None:
    chapter = next((part for part in CHAPTER.split(PAGES[0].text) if f"### {name}\n" in part), "")
    assert chapter, f"docs/reference.md says nothing of {name}"
    examples = "\n".join(block.text for block in PAGES[0].blocks if block.file and block.text in chapter)
    assert re.search(rf"\b{name}\b", examples)


def test_who_asks_workflow_for_a_name_of_another_module_is_told_from_which() -> None:
    others = {home: set(home.__all__) - set(workflow.__all__) for home in (workflow.system, workflow.testing)}
    assert {room: set(here) for room, here in workflow.ELSEWHERE.items()} == {
        home.__name__: found for home, found in others.items()
    }
    for home, found in others.items():
        for name in found:
            with pytest.raises(ImportError, match=f"from {home.__name__} import {name}$"):
                getattr(workflow, name)
    with pytest.raises(AttributeError, match="no attribute 'Documentation'"):
        getattr(workflow, "Documentation")  # noqa: B009 - a type checker knows that there is none


@pytest.mark.parametrize("found", PAGES, ids=lambda found: found.path.name)
def test_every_parameter_is_explained(found: Page) -> None:
    lacking = []
    for name, value in names():
        if not (inspect.isfunction(value) or isinstance(value, type)) or name in (*GIVEN, "StillWaiting"):
            continue
        if getattr(value, "_is_protocol", False):
            continue
        if isinstance(value, type) and not any(
            "__init__" in vars(base) for base in value.__mro__[:-1] if base.__module__ != "builtins"
        ):
            continue
        if isinstance(value, type) and issubclass(value, Exception) and name not in ("RemoteError", "Closed"):
            continue
        section = found.text.partition(f"### {name}\n")[2].partition("\n##")[0]
        said = "".join(re.split(r"^```.*?^```$", section, flags=re.MULTILINE | re.DOTALL))
        left = {"adapter", "step", "why"} if name == "Closed" else set()
        lacking += [
            f"{name}: {parameter}"
            for parameter in inspect.signature(value).parameters
            if parameter not in left and f"`{parameter}`" not in said
        ]
    assert lacking == []
