"""Who says what a setting is: its own variable, a file that a variable names, the data folder, a variable of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.errors import SettingsError
from workflow.plain_files import Unfit, read_own, read_plain, told

FILE = "_FILE"
"""What a variable ends in that names a file with the value, as secrets are mounted by Docker and systemd."""
LARGEST = 65_536
"""Bytes of a file that holds one value, or the settings of a data folder; all of them together have 3,000."""
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "database_url": ("DATABASE_URL",),
    "broker_url": ("CELERY_BROKER_URL", "REDIS_URL"),
    "timezone": ("TZ",),
}
"""Variables of other programs that are read where ours is not set, the first that holds something."""

NAMED = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=", re.MULTILINE)

Kind = Literal["environment", "file", "folder", "fallback", "default"]


@dataclass(frozen=True)
class Origin:
    """kind, the variable that says it, and of a file or a fallback what it says."""

    kind: Kind
    variable: str | None = None
    value: str | None = None


def origins(names: Mapping[str, str], environ: Mapping[str, str], kept: Path | None = None) -> dict[str, Origin]:
    """Of each field; names: its own variable; kept: the settings of the data folder.

    Raises SettingsError where a variable and its file both say something, or the file cannot be read.
    """
    # as pydantic-settings reads them, names in any case
    said = {variable.upper(): value for variable, value in environ.items()}
    below = _names_in(kept) if kept is not None else frozenset()
    return {field: _origin(field, name, said, below) for field, name in names.items()}


def _origin(field: str, name: str, said: Mapping[str, str], below: Iterable[str]) -> Origin:
    if file := said.get(f"{name}{FILE}"):
        if said.get(name):
            raise SettingsError(name, f"is set, and so is {name}{FILE}", "unset one of the two")
        return Origin("file", f"{name}{FILE}", _text(f"{name}{FILE}", Path(file)))
    if name in said:
        return Origin("environment", name)
    if name in below:
        return Origin("folder", name)
    for variable in FALLBACKS.get(field, ()):
        value = said.get(variable, "")
        if value and (variable != "TZ" or _is_zone(value)):
            return Origin("fallback", variable, value)
    return Origin("default")


def _text(variable: str, file: Path) -> str:
    """What the file holds, without the line's end."""
    try:
        text = read_plain(file, LARGEST).decode("utf-8-sig")
    except Unfit as unfit:
        why = f"names {file}, which {told(unfit)}"
        raise SettingsError(variable, why, "write the value alone into it") from unfit
    except UnicodeDecodeError as error:
        raise SettingsError(variable, f"names {file}, which holds no text", "write the value alone into it") from error
    except (OSError, ValueError) as error:
        why = f"names {file}, which cannot be read: {getattr(error, 'strerror', None) or error}"
        raise SettingsError(variable, why, "correct the path, or its permissions") from error
    value = text.rstrip("\r\n")
    if not value or "\n" in value:
        what = "more than one line" if value else "nothing"
        raise SettingsError(variable, f"names {file}, which holds {what}", "write the value alone into it")
    return value


def _names_in(kept: Path) -> frozenset[str]:
    try:
        text = read_own(kept, LARGEST, "move it away, or write settings into it, a line each").decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except SettingsError as error:
        if isinstance(error.__cause__, Unfit) and error.__cause__.wrong == "empty":
            return frozenset()  # it sets nothing
        raise
    except UnicodeDecodeError as error:
        raise SettingsError(str(kept), "is not in UTF-8", "save it as UTF-8, as editors call it") from error
    if "\0" in text:
        raise SettingsError(str(kept), "holds no text", "move it away, or write settings into it, a line each")
    return frozenset(name.upper() for name in NAMED.findall(text))


def _is_zone(name: str) -> bool:
    """TZ may be a rule or a path too, which says nothing of a zone's name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
