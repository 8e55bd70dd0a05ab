"""The packages know each other only as the import table says."""

import dataclasses
import enum
import importlib
import re
from typing import Any, get_origin

import pytest
from importlinter.cli import lint_imports
from pydantic import BaseModel

from tests.house.layers import broken_layers, imported
from tests.house.source import OURS, ROOT, Module, modules


def test_no_module_imports_what_its_layer_must_not_know() -> None:
    assert broken_layers(modules(*OURS)) == []


def test_no_room_imports_what_stands_above_it_and_none_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True) == 0


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


def test_flows_take_only_protocols_answers_and_errors_from_adapters() -> None:
    """A system's own module `remotes` opens what stands behind the Protocols; nothing else of states/ does."""
    adapters = {module.name for module in modules("adapters")}
    wrong = []
    for module in modules("states"):
        if module.name.endswith(".remotes"):
            continue
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


def systems_here() -> set[str]:
    """The names of the systems of this house."""
    return {module.name.split(".")[1] for module in modules("states") if module.name.endswith(".system")}


def named(module: Module, system: str) -> list[str]:
    """Where a module says the name of a system, or of its flow, as one: alone in a text, or before a state or line."""
    word = re.compile(rf"""(?<![\w.]){system}(\.[a-z_]|(?=["'])|,)|CASEWARD_{system.upper()}_""")
    return [
        f"{module.path}:{number} names the system {system}"
        for number, line in enumerate(module.text.splitlines(), 1)
        if word.search(line)
    ]


def test_no_module_but_its_own_says_the_name_of_a_system() -> None:
    systems = systems_here()
    found = [
        said
        for module in modules(*OURS)
        for system in systems
        if not module.name.startswith(f"states.{system}.")
        for said in named(module, system)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'Filters(flow="copyright")',
        "label.of('copyright')",
        '"""sweep copyright.generating"""',
        'names = "copyright,visas"',
        'environ["CASEWARD_COPYRIGHT_PORTAL_URL"]',
    ],
)
def test_a_name_of_a_system_is_seen(line: str) -> None:
    assert len(named(Module("caseward/app/x.py", line), "copyright")) == 1
    assert named(Module("caseward/app/x.py", '"""The copyright bureau."""'), "copyright") == []


def test_only_its_own_package_names_a_system() -> None:
    """What an installation knows of a system it knows by the value `system`, which is found and not imported."""
    systems = systems_here()
    assert systems
    wrong = [
        f"{module.path}:{line} imports {name}"
        for module in modules("workflow", "adapters", "caseward")
        for line, name in imported(module)
        for system in systems
        if name == f"states.{system}" or name.startswith(f"states.{system}.")
    ]
    assert wrong == []
