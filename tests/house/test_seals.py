"""Who writes into a sealed table looks at the row before, or names it: else a later audit would cry wolf."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import Module, modules
from workflow.record.seals import AUDITED, TABLES

SEALED = {table.name for table in TABLES} | {"configuration"}
SEALING = {"examine", "examined", "touch", "_chained", "make_seal"}
BARE = {"owner", "lease_until"} | AUDITED
"""Columns that are under no seal: a write of these alone needs none."""


def writes(function: ast.AST) -> Iterator[tuple[int, str]]:
    """The lines on which a sealed table is written, with the table."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id="update" | "insert" | "delete"), args=[ast.Name(id=table)]):
                yield node.lineno, table
            case ast.Call(func=ast.Name(id="inserting"), args=[_, ast.Name(id=table)]):
                yield node.lineno, table
            case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="update" | "insert" | "delete")):
                yield node.lineno, table


ELSEWHERE = {
    ("workflow/store/claims.py", "_take"): "the right to work; an account that it gives is named by _altered",
    ("workflow/store/claims.py", "_put_aside"): "who calls it has looked at the rows",
    ("workflow/store/heartbeats.py", "give_back"): "the right to work alone",
    ("workflow/store/heartbeats.py", "work"): "the same, in the transaction within",
    ("workflow/store/restoration.py", "begin_timeline"): "the right to work alone",
    ("workflow/store/restoration.py", "work"): "the same, in the transaction within",
}
"""Where a sealed table is written otherwise, and why that is right."""


def unsealed(module: Module) -> list[str]:
    found = []
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        called = {call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "") for call in calls}
        values = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "values"]
        bare = values and all({word.arg for word in call.keywords} <= BARE for call in values)
        for line, table in writes(function):
            elsewhere = (module.path, function.name) in ELSEWHERE
            if table in SEALED and not (called & SEALING or bare or elsewhere):
                found.append(f"{module.path}:{line} writes {table}")
    return found


def test_who_writes_a_sealed_row_has_it_sealed() -> None:
    found = [
        one for module in modules("workflow", "states") for one in unsealed(module) if "/migrations/" not in module.path
    ]
    assert found == []


def test_a_write_that_forgets_it_is_found() -> None:
    text = "async def f(c):\n    await c.execute(update(cases).where(x).values(due_at=now))\n"
    assert unsealed(Module("workflow/store/x.py", text)) == ["workflow/store/x.py:2 writes cases"]
    assert unsealed(Module("workflow/store/x.py", text.replace("due_at=now", "owner=None"))) == []
