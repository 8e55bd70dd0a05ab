"""Which extra of Caseward brings a library: an installation without it does the rest, and says what it lacks."""

from __future__ import annotations

EXTRAS = {
    "browser": ("playwright",),
    "papers": ("fpdf", "PIL", "pypdf"),
    "phones": ("phonenumbers", "stdnum"),
    "postgres": ("psycopg", "psycopg_pool"),
    "sandbox": ("jinja2", "multipart", "python_multipart", "starlette", "uvicorn"),
}
"""By extra, the names by which its libraries are imported. A test holds it against pyproject.toml."""


def extra_of(error: BaseException | None) -> tuple[str, str] | None:
    """The library that an error says is not here, and the extra that brings it."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name:
            library = error.name.partition(".")[0]
            return next(((library, extra) for extra, brought in EXTRAS.items() if library in brought), None)
        error = error.__cause__
    return None
