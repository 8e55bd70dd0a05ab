"""Which extra of Caseward brings a library: an installation without it does the rest, and says what it lacks."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from workflow.errors import DefinitionError, WorkflowError
from workflow.flow import called

if TYPE_CHECKING:  # an error message needs no system
    from caseward.app.systems import Systems

EXTRAS = {
    "browser": ("playwright",),
    "papers": ("fpdf", "numpy", "PIL", "pillow_heif", "pypdf", "pypdfium2", "zxingcpp"),
    "phones": ("phonenumbers", "stdnum"),
    "postgres": ("psycopg", "psycopg_pool"),
    "reload": ("watchfiles",),
    "sandbox": ("jinja2", "multipart", "python_multipart", "starlette", "uvicorn"),
    "tables": ("openpyxl",),
}
"""By extra, the modules that its libraries give. A test compares it with pyproject.toml."""


class ExtraMissing(WorkflowError):
    """A library is missing that a system or a kind of file needs."""

    def __init__(self, what: str, library: str, extra: str) -> None:
        super().__init__(f'{what}: needs {library}, which is not installed; pip install "caseward[{extra}]"')
        self.library, self.extra = library, extra


def lacking(extra: str) -> str | None:
    """The first library of an extra that is not installed."""
    return next((name for name in EXTRAS[extra] if find_spec(name) is None), None)


def refuse_lacking(systems: Systems) -> None:
    """Raise ExtraMissing where a system that is on needs an extra that is not installed."""
    for one in systems.installed:
        for extra in one.system.extras:
            if extra not in EXTRAS:
                raise DefinitionError(
                    called.system(one.system.name), "extra_none", extra=extra, known=", ".join(EXTRAS)
                )
            if library := lacking(extra):
                raise ExtraMissing(one.system.name, library, extra)


def extra_of(error: BaseException | None) -> tuple[str, str] | None:
    """The library whose import failed, and the extra that brings it."""
    seen: set[BaseException] = set()
    while error is not None and error not in seen:  # an error of somebody's code may be its own cause
        seen.add(error)
        if isinstance(error, ExtraMissing):
            return error.library, error.extra
        if isinstance(error, ModuleNotFoundError) and error.name:
            library = error.name.partition(".")[0]
            return next(((library, extra) for extra, brought in EXTRAS.items() if library in brought), None)
        error = error.__cause__
    return None
