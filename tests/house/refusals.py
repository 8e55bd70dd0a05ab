"""What no module does: read a clock, evaluate text, wait in a test, or know that it is being demonstrated."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import Module

CLOCK_CALLS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"},
}
DEADLINE_CALLS = {"monotonic", "monotonic_ns"}
EVALUATING = {"eval", "exec", "compile", "__import__"}
UNSAFE = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
DOUBLES = {"mock", "unittest.mock", "pytest_mock"}
DEMONSTRATION = re.compile(r"(?<![a-z])demo(?![a-z])|demonstrat|sandbox|/control(?![a-z])", re.IGNORECASE)
# Chromium has a sandbox of its own, which is another thing
CHROMIUMS_OWN = re.compile(r"chromium_sandbox|--no-sandbox|_?sandbox(ed|es|ing)\b")
# a path of one machine, at the start of a word: a URL's path does not count
MACHINE_PATH = re.compile(r"(?<![\w.:/}*-])/(?:work|farm|tmp|root|home/\w+|Users/\w+)/")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror\.com|tuna\.tsinghua", re.IGNORECASE)


def clock_readings(module: Module, *, deadlines: bool = False) -> list[str]:
    """Where a module asks what time it is; `deadlines` lets it measure a span with the monotonic clock."""
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    bare = {alias for alias, name in names.items() if name in CLOCK_CALLS["time"] and name != "time"}
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr not in CLOCK_CALLS.get(names.get(owner, owner), ()) or (
                deadlines and node.attr in DEADLINE_CALLS
            ):
                continue
            found.append(f"{module.path}:{node.lineno} reads {owner}.{node.attr}")
        elif isinstance(node, ast.Name) and node.id in bare and not (deadlines and names[node.id] in DEADLINE_CALLS):
            found.append(f"{module.path}:{node.lineno} reads {node.id}")
    return found


def evaluations(module: Module) -> list[str]:
    """Where text becomes code, or bytes become objects of any class."""
    found = [
        f"{module.path}:{node.lineno} calls {node.func.id}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EVALUATING
    ]
    return found + [f"{module.path}:{line} imports {name}" for line, name in _imports(module) if name in UNSAFE]


def shown_variables(module: Module) -> list[str]:
    """Where a log line gets a traceback from its renderer: on a terminal that one shows the values of variables too."""
    return [
        f"{module.path}:{node.lineno} logs an exception whole; the cure: traceback=trace_of(error)"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and (
            any(given.arg == "exc_info" for given in node.keywords)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "exception" and _is_log(node.func.value))
        )
    ]


def own_causes(module: Module) -> list[str]:
    """Where an error is raised from itself: who follows its causes comes to no end."""
    return [
        f"{module.path}:{node.lineno} raises {node.cause.id} from itself; the cure: raise"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.cause, ast.Name)
        and node.exc is not None
        and node.cause.id in {getattr(one, "id", "") for one in _may_be(node.exc)}
    ]


def _may_be(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to."""
    match node:
        case ast.BoolOp(values=values):
            for one in values:
                yield from _may_be(one)
        case ast.IfExp(body=body, orelse=other):
            yield from _may_be(body)
            yield from _may_be(other)
        case _:
            yield node


def _is_log(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("log", "logger", "logging")


def doubles_and_waits(module: Module) -> list[str]:
    """Where a test stands a mock in for the product, or sleeps instead of setting the clock."""
    found = [f"{module.path}:{line} imports {name}" for line, name in _imports(module) if name in DOUBLES]
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = node.args[0] if node.args else None
        # sleep(0) only lets others run
        if called == "sleep" and not (isinstance(given, ast.Constant) and given.value == 0):
            found.append(f"{module.path}:{node.lineno} sleeps; the cure: set the clock, or await what is waited for")
    return found


def unordered_cases(module: Module) -> list[str]:
    """Where the cases of a test come from a set: two processes that share the tests would name them differently."""
    return [
        f"{module.path}:{node.lineno} takes its cases from a set; the cure: a list"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "parametrize" and len(node.args) > 1
        for part in ([node.args[1], node.args[1].left] if isinstance(node.args[1], ast.BinOp) else [node.args[1]])
        if isinstance(part, ast.Set | ast.SetComp) or getattr(getattr(part, "func", None), "id", "") == "set"
    ]


def demonstrations(module: Module) -> list[str]:
    """Where the product's own code names what only the composition root may know."""
    return [
        f"{module.path}:{number} says {match.group()!r}"
        for number, line in enumerate(module.text.splitlines(), 1)
        if (match := DEMONSTRATION.search(CHROMIUMS_OWN.sub("", line)))
    ]


def machine_paths(path: str, text: str) -> list[str]:
    """Where a file names a folder of one machine, or a registry that only some networks reach."""
    return [
        f"{path}:{number} names {match.group()!r}"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := MACHINE_PATH.search(line) or REGISTRY.search(line))
    ]


def _imports(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
