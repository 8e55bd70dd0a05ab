"""Finds a folder or file of the user's that hides one of our modules, because it comes first on Python's path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caseward.console.wording.texts import Texts

if TYPE_CHECKING:
    from caseward.console.terminal.complaints import Complaint

OURS = ("workflow", "states", "adapters", "worker", "schedules")


def hiding(path: Sequence[str]) -> tuple[str, Path] | None:
    """The first of our names that somebody else's package or module has, and where it lies."""
    home = Path(__file__).resolve().parents[3]
    for folder in (Path(entry or ".").resolve() for entry in path):
        if folder == home or (folder / "caseward" / "__init__.py").is_file():
            return None  # ours, or another whole copy of it
        for name in OURS:
            if (folder / name / "__init__.py").is_file():
                return name, folder / name
            if (folder / f"{name}.py").is_file():
                return name, folder / f"{name}.py"
    return None


def hidden_by(path: Sequence[str], texts: Texts) -> Complaint | None:
    """The error that names it, and its cure."""
    if (found := hiding(path)) is None:
        return None
    # every command imports this, and most never need it
    from caseward.console.terminal.complaints import Complaint

    name, where = found
    return Complaint("hidden", texts("error.hidden", name=name, where=where), texts("cure.hidden"))
