"""The packages know each other only as the import table says."""

import dataclasses
import enum
import importlib
from typing import Any, get_origin

import pytest
from pydantic import BaseModel

from tests.house.layers import broken_layers, circles, imported
from tests.house.source import OURS, Module, modules


def test_no_module_imports_what_its_layer_must_not_know() -> None:
    assert broken_layers(modules(*OURS)) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(modules(*OURS)) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("workflow/engine/tick.py", "import httpx"),
        ("workflow/engine/tick.py", "from transitions import Machine"),
        ("workflow/engine/tick.py", "from states.copyright import flow"),
        ("workflow/store.py", "from cryptography.fernet import Fernet"),
        ("adapters/bureau/portal.py", "from workflow import store"),
        ("adapters/bureau/portal.py", "from workflow.flow.case import Case"),
        ("adapters/bureau/portal.py", "from workflow.engine.sweep import sweep"),
        ("states/copyright/facts.py", "def late():\n    import sqlalchemy"),
        ("caseward/sandbox/ledger.py", "from workflow.clock import Clock"),
        ("caseward/cli.py", "from caseward.sandbox.app import create"),
        ("caseward/cli.py", "import adapters.bureau.portal"),
        ("schedules.py", "from caseward.console import cli"),
        ("worker.py", "import caseward.sandbox"),
    ],
)
def test_a_forbidden_import_is_seen_and_named(path: str, line: str) -> None:
    found = broken_layers([Module(path, line)])
    assert len(found) == 1
    assert found[0].startswith(path)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("workflow/flow/compiled.py", "from transitions import Machine"),
        ("workflow/record/vault.py", "from cryptography.fernet import Fernet"),
        ("adapters/bureau/portal.py", "from workflow import clock"),
        ("adapters/bureau/portal.py", "from workflow.errors import Refused"),
        ("adapters/bureau/portal.py", "from workflow.flow.case import Gate"),
        ("caseward/demonstration/outside.py", "from caseward.sandbox.app import create"),
        ("worker.py", "from workflow.engine.sweep import sweep"),
    ],
)
def test_an_allowed_import_passes(path: str, line: str) -> None:
    assert broken_layers([Module(path, line)]) == []


def test_a_circle_is_seen_even_through_an_import_inside_a_function() -> None:
    a = Module("workflow/a.py", "from workflow import b")
    b = Module("workflow/b.py", "def late():\n    from workflow.c import x")
    c = Module("workflow/c.py", "import workflow.a")
    assert circles([a, b, c]) == ["workflow.a -> workflow.b -> workflow.c -> workflow.a"]


def test_flows_take_only_protocols_answers_and_errors_from_adapters() -> None:
    adapters = {module.name for module in modules("adapters")}
    wrong = []
    for module in modules("states"):
        for line, name in imported(module):
            home, _, member = name.rpartition(".")
            if name in adapters or home == "adapters":
                wrong.append(f"{module.path}:{line} takes the whole of {name}; the cure: name what is needed of it")
            elif home in adapters and not _is_a_promise_or_a_value(getattr(importlib.import_module(home), member)):
                wrong.append(f"{module.path}:{line} takes {name}, which does something")
    assert wrong == []


def _is_a_promise_or_a_value(member: Any) -> bool:
    if not isinstance(member, type):
        return get_origin(member) is not None or isinstance(member, str | int | frozenset | tuple)
    return (
        getattr(member, "_is_protocol", False)
        or issubclass(member, Exception | enum.Enum | BaseModel | tuple)
        or (dataclasses.is_dataclass(member) and member.__dataclass_params__.frozen)  # type: ignore[attr-defined]
    )
