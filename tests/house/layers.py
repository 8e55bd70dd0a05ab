"""What each package may import of the world's libraries, and the few names that it may take of another package.

Which room may know which stands in pyproject.toml, as contracts of import-linter.
"""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.house.source import OURS, Module

CONSOLE = frozenset(
    {"workflow", "states", "schedules", "worker", "caseward.app"}
    | {"typer", "click", "rich", "babel", "pydantic", "pydantic_core", "structlog", "httpx"}
)
# what a package may import, by dotted prefix; its own modules and the standard library it always may
ALLOWED: Mapping[str, frozenset[str]] = {
    "workflow": frozenset(
        {
            "sqlalchemy",
            "alembic",
            "pydantic",
            "pydantic_settings",
            "pydantic_core",
            "cronsim",
            "structlog",
            "typing_extensions",
        }
    ),
    "adapters": frozenset(
        {
            "workflow.clock",
            "workflow.record.database",
            "workflow.errors",
            "workflow.flow.sending",
            "workflow.record.vault",
        }
        | {
            "workflow.addresses",
            "workflow.flow.case.Gate",
            "workflow.record.values.Seat",
            "workflow.files.plain",
            "workflow.plain_text",
            "workflow.sentence",
            "workflow.unfit",
        }
        | {"httpx", "playwright", "psutil", "structlog", "pydantic", "fpdf", "pypdf", "PIL"}
        | {"numpy", "pillow_heif", "pypdfium2", "zxingcpp"}
    ),
    "states": frozenset({"workflow", "adapters", "pydantic", "pydantic_core", "stdnum", "phonenumbers"}),
    "caseward.sandbox": frozenset(
        {"starlette", "uvicorn", "jinja2", "markupsafe", "multipart", "python_multipart"} | {"pypdf", "fpdf", "PIL"}
    ),
    "caseward.app": frozenset(
        {"workflow", "states", "adapters", "schedules", "worker", "celery", "kombu", "redis", "vine", "sqlalchemy"}
        | {"structlog", "pydantic", "httpx", "billiard", "amqp"}
    ),
    "caseward.console": CONSOLE,
    "caseward.demonstration": CONSOLE | {"caseward.console"},
    "caseward.cli": frozenset({"caseward.console", "caseward.demonstration", "typer"}),
}
# what one module may beyond its package
BEYOND: Mapping[str, frozenset[str]] = {
    "workflow.flow.compiled": frozenset({"transitions"}),
    "workflow.record.vault": frozenset({"cryptography"}),
    "workflow.sources": frozenset({"dotenv"}),
    "workflow.record.deadlines": frozenset({"psycopg"}),
    "caseward.console.intake.logins": frozenset({"adapters.bureau.sessions"}),
    "caseward.demonstration.outside": frozenset({"caseward.sandbox", "uvicorn"}),
    "states.copyright.demonstration.papers": frozenset({"fpdf", "pypdf", "PIL"}),
    "caseward.demonstration.reloading": frozenset({"watchfiles"}),
    "caseward.demonstration.stage": frozenset({"adapters.browser.chromium_search"}),
    "caseward.demonstration.finding": frozenset({"adapters.browser.chromium_search"}),
    "caseward.console.terminal.interrupts": frozenset({"psutil"}),
    "caseward.console.commands.browser.chromium": frozenset({"adapters.browser.chromium_search"}),
    "caseward.console.intake.active": frozenset({"pypdf"}),
    "caseward.console.intake.apart": frozenset({"adapters.papers.pictures", "adapters.papers.side_by_side"}),
    "caseward.console.text.hidden": frozenset({"adapters.names"}),
    "caseward.console.intake.blanks": frozenset({"openpyxl"}),
    "caseward.console.intake.kinds": frozenset({"adapters.papers.pdf_head"}),
    "caseward.console.intake.papers": frozenset({"adapters.papers.page_pictures", "adapters.papers.pdf_head", "pypdf"}),
    "caseward.console.intake.scans": frozenset({"adapters.papers.pdf_head", "pypdf"}),
    "caseward.console.intake.workbooks": frozenset({"openpyxl"}),
}
# what stands beside the packages puts the engine to work, and knows neither people's pages nor what is simulated
NEVER_BESIDE = ("caseward.console", "caseward.demonstration", "caseward.sandbox")


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
    if top in sys.stdlib_module_names and top not in OURS:
        return True
    room = next((room for room in ALLOWED if _under(module.name, [room])), module.top)
    if _under(name, [room]):
        return True
    if room not in ALLOWED:
        return not _under(name, NEVER_BESIDE)
    return _under(name, ALLOWED[room] | BEYOND.get(module.name, frozenset()))


def _under(name: str, prefixes: Collection[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)
