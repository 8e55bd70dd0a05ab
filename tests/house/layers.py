"""The import table of the house: what each package may know of the others and of the world's libraries."""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.house.source import OURS, Module

# what a package may import, by dotted prefix; its own modules and the standard library it always may
ALLOWED: Mapping[str, frozenset[str]] = {
    "workflow": frozenset(
        {"sqlalchemy", "alembic", "pydantic", "pydantic_settings", "pydantic_core", "cronsim", "structlog"}
    ),
    "adapters": frozenset(
        {"workflow.clock", "workflow.database", "workflow.errors", "workflow.sending", "workflow.vault"}
        | {
            "workflow.addresses",
            "workflow.case.Gate",
            "workflow.claims.Seat",
            "workflow.plain_files",
            "workflow.plain_text",
        }
        | {"httpx", "playwright", "psutil", "structlog", "pydantic", "fpdf", "pypdf", "PIL"}
    ),
    "states": frozenset({"workflow", "adapters", "pydantic", "pydantic_core", "stdnum", "phonenumbers"}),
    "sandbox": frozenset(
        {"starlette", "uvicorn", "jinja2", "markupsafe", "multipart", "python_multipart"} | {"pypdf", "fpdf", "PIL"}
    ),
    "console": frozenset(
        {
            "workflow",
            "states",
            "assembly",
            "bridge",
            "embedded",
            "messaging",
            "record",
            "schedules",
            "worker",
            "working",
        }
        | {"typer", "click", "rich", "babel", "pydantic", "pydantic_core", "structlog", "httpx"}
    ),
}
# what one module may beyond its package
BEYOND: Mapping[str, frozenset[str]] = {
    "workflow.machine": frozenset({"transitions"}),
    "workflow.vault": frozenset({"cryptography"}),
    "workflow.sources": frozenset({"dotenv"}),
    "workflow.deadlines": frozenset({"psycopg"}),
    "console.intake.logins": frozenset({"adapters.sessions"}),
    "console.demonstration.outside": frozenset({"sandbox", "uvicorn"}),
    "console.demonstration.papers": frozenset({"fpdf", "pypdf", "PIL"}),
    "console.demonstration.demo": frozenset({"adapters.chromium"}),
    "console.demonstration.stage": frozenset({"adapters.chromium"}),
    "console.demonstration.finding": frozenset({"adapters.chromium"}),
    "console.terminal.interrupts": frozenset({"psutil"}),
    "console.commands.chromium": frozenset({"adapters.chromium"}),
    "console.intake.active": frozenset({"pypdf"}),
    "console.intake.apart": frozenset({"adapters.pictures"}),
    "console.intake.hidden": frozenset({"adapters.names"}),
    "console.intake.kinds": frozenset({"adapters.pdf_head"}),
    "console.intake.papers": frozenset({"adapters.pdf_head", "pypdf"}),
    "console.intake.scans": frozenset({"adapters.pdf_head", "pypdf"}),
}
# what stands beside the packages puts the engine to work, and knows neither people's pages nor what is simulated
NEVER_BESIDE = frozenset({"console", "sandbox"})


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Each name that a module imports, with its line; of our own modules the very member: `from a import b` is a.b."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            ours = node.module.split(".")[0] in OURS
            yield from ((node.lineno, f"{node.module}.{a.name}" if ours else node.module) for a in node.names)


def broken_layers(modules: Sequence[Module]) -> list[str]:
    """Each import that the table forbids, with where it stands."""
    return [
        f"{module.path}:{line} imports {name}"
        for module in modules
        if module.top in OURS
        for line, name in imported(module)
        if not _may(module, name)
    ]


def _may(module: Module, name: str) -> bool:
    top = name.split(".")[0]
    if top == module.top or (top in sys.stdlib_module_names and top not in OURS):
        return True
    if module.top not in ALLOWED:
        return top not in NEVER_BESIDE
    return _under(name, ALLOWED[module.top] | BEYOND.get(module.name, frozenset()))


def _under(name: str, prefixes: Collection[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def _home(name: str, modules: Collection[str]) -> str:
    """The module that a name is taken from: the name itself, or what stands before its last dot."""
    return name if name in modules else name.rpartition(".")[0]


def circles(modules: Sequence[Module]) -> list[str]:
    """Each circle of imports between our modules, imports inside functions and for types included."""
    names = {module.name for module in modules}
    graph = {m.name: sorted({_home(name, names) for _, name in imported(m)} & names - {m.name}) for m in modules}
    found: dict[frozenset[str], str] = {}
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            circle = path[path.index(name) :]
            found.setdefault(frozenset(circle), " -> ".join([*circle, name]))
        elif name not in done:
            for further in graph[name]:
                walk(further, [*path, name])
            done.add(name)

    for name in graph:
        walk(name, [])
    return sorted(found.values())
