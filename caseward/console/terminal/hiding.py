"""A folder or file of the user's that stands on Python's path before one of ours, and is called as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caseward.console.wording.texts import Texts

if TYPE_CHECKING:
    from caseward.console.terminal.complaints import Complaint

OURS = ("workflow", "states", "adapters", "worker", "schedules")


def hiding(path: Sequence[str]) -> tuple[str, Path] | None:
    """The first of our names that somebody else's package or module has, and where that stands."""
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
    """Which one it is, and what a person can do about it."""
    if (found := hiding(path)) is None:
        return None
    # every command comes by here, and most need no complaint
    from caseward.console.terminal.complaints import Complaint

    name, where = found
    return Complaint("hidden", texts("error.hidden", name=name, where=where), texts("cure.hidden"))
