"""Every file says what it is for, stays short, and is named for the business."""

import ast
import re

import pytest

from tests.conftest import LONG, TESTS
from tests.house.source import Module, modules

LONGEST = 300
# names that say nothing about what is done
EMPTY_WORDS = {"manager", "handler", "service", "helper", "helpers", "util", "utils", "processor"}


def purpose(module: Module) -> str:
    """The first line of a module's docstring, or nothing."""
    return (ast.get_docstring(module.tree) or "").split("\n")[0]


def empty_names(module: Module) -> list[str]:
    """The file, functions and classes whose names hold a word that says nothing."""
    names = [(1, module.name.split(".")[-1])] + [
        (node.lineno, node.name)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    return [f"{module.path}:{line} is called {name}" for line, name in names if _words(name) & EMPTY_WORDS]


def _words(name: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def test_the_first_line_of_every_file_says_in_a_sentence_what_it_is_for() -> None:
    silent = [m.path for m in modules() if len(purpose(m).split()) < 4 or not purpose(m).endswith((".", "?", "!"))]
    assert silent == []


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {module.path: lines for module in modules() if (lines := len(module.text.splitlines())) > LONGEST}
    assert long == {}


def test_the_files_that_are_run_first_are_there() -> None:
    assert [name for name in LONG if not (TESTS / name).is_file()] == []


def test_nothing_is_named_for_what_it_is_not() -> None:
    assert [found for module in modules() for found in empty_names(module)] == []


@pytest.mark.parametrize("code", ["class CaseManager: ...", "def order_helper(): ...", "async def util(): ..."])
def test_an_empty_name_is_seen(code: str) -> None:
    assert len(empty_names(Module("workflow/x.py", code))) == 1


def test_a_name_of_the_business_passes() -> None:
    assert empty_names(Module("workflow/x.py", "def manages(): ...\nclass Handled: ...")) == []
