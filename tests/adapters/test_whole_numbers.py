"""A whole number of a remote is read in one way: to Python true is 1, and 1_0 is 10."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from adapters.numbers import whole

ADAPTERS = Path(__file__).resolve().parents[2] / "adapters"
OURS = {"numbers.py", "processes.py", "egress.py", "portal_steps.py"}
"""Where int() is given what is no remote's: numbers of processes, the length of a request of ours, our own counting."""


@pytest.mark.parametrize(("value", "number"), [(0, 0), (7, 7), ("0", 0), (" 12 ", 12), (3.0, 3)])
def test_a_whole_number_is_read_as_remotes_write_it(value: object, number: int) -> None:
    assert whole(value) == number


@pytest.mark.parametrize(
    "value", [True, False, None, "", "1_0", "٣", "１", "-1", -1, 0.5, "0.0", "1e3", [0], float("nan")]
)
def test_what_only_python_takes_for_one_is_none(value: Any) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        whole(value)


def test_no_adapter_reads_a_number_in_another_way() -> None:
    """Each field of what a remote writes (a class whose name begins with _), and each int() beside it."""
    found = []
    for path in sorted(ADAPTERS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.startswith("_") and _is_model(node):
                found += [
                    f"{path.name}: {node.name}.{ast.unparse(field.target)}"
                    for field in node.body
                    if isinstance(field, ast.AnnAssign)
                    if {"int", "bool", "float"}
                    & {name.id for name in ast.walk(field.annotation) if isinstance(name, ast.Name)}
                ]
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "int" and path.name not in OURS:
                found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert found == []


def _is_model(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).startswith(("BaseModel", "_")) for base in node.bases)
