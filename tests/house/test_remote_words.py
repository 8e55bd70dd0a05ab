"""What an adapter says to people has a code: a bare English sentence would be quoted as it is to who reads Chinese.

A remote's own words stay as they are; they stand in a variable, and never in the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.source import ROOT

ROOMS = ("adapters", "states", "workflow/engine", "caseward/app")
WHY = {**dict.fromkeys(("NotSent", "Refused", "LoginNeeded", "Closed", "Drifted", "Unknown"), 2), "CannotTell": 0}
"""Where each of these is told why."""
BY_VARIABLE = {"kind": 2, "otherwise": 2, "_unsettled": 2, "_lost": 1}
"""Where the class is chosen as it goes."""
CLAUSE = re.compile(r"[A-Za-z]{2,} ")
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def bare(source: str) -> Iterator[int]:
    """The lines on which an error of a remote is told why by a sentence without a code."""
    tree = ast.parse(source)
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in [tree, *scopes]:
        given: dict[str, list[ast.expr]] = {}
        for node in ast.walk(scope):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.NamedExpr(target=ast.Name(id=name), value=value)
                ):
                    given.setdefault(name, []).append(value)
        for node in ast.walk(scope):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = {**WHY, **BY_VARIABLE}.get(name)
            if isinstance(node.func, ast.IfExp):  # (Unknown if ... else Refused)(...)
                place = 2
            if place is None:
                continue
            told = [*node.args[place : place + 1], *(word.value for word in node.keywords if word.arg == "why")]
            if any(_is_joined(one) or _is_sentence(one, given, scope is not tree) for one in told):
                yield node.lineno


def bare_parts(source: str) -> Iterator[int]:
    """The lines on which a sentence is filled in with English words, and on which words without a code are returned.

    What is returned is told by somebody else, as the words of a reply or the name of a part.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Sentence"), keywords=parts):
                yield from (node.lineno for part in parts if _is_sentence(part.value, {}, False))
            case ast.Return(value=ast.expr() as value):
                if any(CLAUSE.search(text) for text in _words(value)):
                    yield node.lineno


def _is_joined(node: ast.expr) -> bool:
    """Whether words of somebody else are put together to a sentence here."""
    match node:
        case ast.JoinedStr() | ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join" | "format")):
            return True
        case _:
            return False


def _words(node: ast.expr) -> Iterator[str]:
    """The texts of an expression, by the shapes in which words are made."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values) | ast.BoolOp(values=values):
            for one in values:
                yield from _words(one)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*_words(one), *_words(other))
        case ast.Call(func=ast.Name(id="as_told" | "plain_text" | "str"), args=[one, *_]):
            yield from _words(one)


def _is_sentence(node: ast.expr, given: dict[str, list[ast.expr]], looks_up: bool) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return ENGLISH.search(text) is not None
        case ast.JoinedStr(values=values):
            return any(isinstance(one, ast.Constant) and _is_sentence(one, given, looks_up) for one in values)
        case ast.BoolOp(values=values):
            return any(_is_sentence(one, given, looks_up) for one in values)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return _is_sentence(one, given, looks_up) or _is_sentence(other, given, looks_up)
        case ast.Call(func=ast.Attribute(value=ast.Constant() as text)):  # "...".format(), ", ".join()
            return _is_sentence(text, given, looks_up)
        case ast.Name(id=name) if looks_up:
            return any(_is_sentence(one, given, False) for one in given.get(name, ()))
        case _:
            return False


def test_no_adapter_tells_why_by_a_bare_sentence() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in dict.fromkeys(bare(path.read_text("utf-8")))
    ]
    assert found == []


def test_no_sentence_of_an_adapter_is_filled_in_with_english() -> None:
    """A page without a name was called unknown in Chinese too, and what a reply said began with status."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "adapters").rglob("*.py"))
        for line in bare_parts(path.read_text("utf-8"))
    ]
    assert found == []


def test_english_parts_are_found_however_they_are_given() -> None:
    shapes = (
        'why = Sentence("a", "{page}", page=page or "unknown")',
        'why = Sentence("a", "{page}", page=f"page {page}")',
        'return f"status {self.status}"',
        'return as_told(f"status {self.status}" + (f": {found}" if found else ""))',
        'return words or "no word at all"',
    )
    assert [shape for shape in shapes if not list(bare_parts(f"def f(self):\n    {shape}"))] == []
    well = (
        'why = Sentence("a", "{page}", page=page or NO_PAGE)',
        'return f"{name}-{n}"',
        'return Sentence("a", "status {status}", status=status)',
    )
    assert [shape for shape in well if list(bare_parts(f"def f(self):\n    {shape}"))] == []


def test_bare_sentences_are_found_however_they_are_given() -> None:
    shapes = (
        'Refused("a", "b", "the site is closed")',
        'Refused("a", "b", f"status {n}")',
        'Refused("a", "b", f"{seen}: {lost}")',
        'Refused("a", "b", "; ".join(lost))',
        'Refused("a", "b", seen or "nothing came")',
        'Refused("a", "b", "it lacks " + lost)',
        'Refused("a", "b", "it lacks {}".format(lost))',
        'Refused("a", "b", why="it is closed")',
        'CannotTell("nobody knows")',
        'kind("a", "b", "it is closed")',
        '(Unknown if write else Refused)("a", "b", "it is closed")',
    )
    assert [shape for shape in shapes if not list(bare(f"def f(n, seen, lost, kind, write):\n    raise {shape}"))] == []
    named = 'def f(n):\n    why = f"there are {n} rows"\n    raise Drifted("a", "b", why)\n'
    assert list(dict.fromkeys(bare(named))) == [3]
    well = (
        'Refused("a", "b", Sentence("closed", "the site is closed"))',
        'Refused("a", "b", seen.complaint)',
        'Refused("a", "b", words or Sentence("failed", "it failed"))',
        "Closed",
    )
    assert [shape for shape in well if list(bare(f"def f(seen, words, problems):\n    raise {shape}"))] == []
