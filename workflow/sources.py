"""Where a setting's value comes from: its variable, a file that a variable names, the data folder, other variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv.parser import parse_stream

from workflow.errors import SettingsError
from workflow.files.plain import Unfit, read_own, read_plain, told
from workflow.sentence import Sentence, machine_said

FILE = "_FILE"
"""The end of a variable that names a file with the value, as Docker and systemd mount secrets."""
LARGEST = 65_536
"""A file of one value, or the settings of a data folder, has at most this many bytes; 3,000 hold them all."""
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "database_url": ("DATABASE_URL",),
    "broker_url": ("CELERY_BROKER_URL", "REDIS_URL"),
    "timezone": ("TZ",),
}
"""Variables of other programs that are read where ours is not set; the first that holds something counts."""

NONE: Mapping[str, Sequence[str]] = {}
LINES = Sentence("move_away_or_write", "move it away, or write settings into it, a line each")

Kind = Literal["run_time", "environment", "file", "folder", "fallback", "default"]


@dataclass(frozen=True)
class Origin:
    """The kind of source, the variable, and its text; None where the environment or a change at run time says it."""

    kind: Kind
    variable: str | None = None
    value: str | None = None


def origins(
    names: Mapping[str, str],
    environ: Mapping[str, str],
    kept: Mapping[str, str] | None = None,
    *,
    fallbacks: Mapping[str, Sequence[str]] = FALLBACKS,
    older: Mapping[str, Sequence[str]] = NONE,
) -> dict[str, Origin]:
    """Of each field. names: its own variable; kept: what the data folder's settings say.

    fallbacks: by field, variables of other programs; older: by field, what its own variable was called before. Raises
    SettingsError where a variable and its file both say something, or the file cannot be read.
    """
    # as pydantic-settings reads them, names in any case
    said = {variable.upper(): value for variable, value in environ.items()}
    return {
        field: _origin((name, *older.get(field, ())), said, kept or {}, fallbacks.get(field, ()))
        for field, name in names.items()
    }


def _origin(names: Sequence[str], said: Mapping[str, str], kept: Mapping[str, str], fallbacks: Sequence[str]) -> Origin:
    for name in names:
        if (file := _file(name, said)) is not None:
            return file
        if name in said:
            return Origin("environment", name, said[name] if name != names[0] else None)
    for name in names:
        if (file := _file(name, kept)) is not None:
            return file
        if name in kept:
            return Origin("folder", name, kept[name])
    for variable in fallbacks:
        value = said.get(variable, "")
        if value and (variable != "TZ" or _is_zone(value)):
            return Origin("fallback", variable, value)
    return Origin("default")


def _file(name: str, said: Mapping[str, str]) -> Origin | None:
    if not (file := said.get(f"{name}{FILE}")):
        return None
    if said.get(name):
        raise SettingsError(
            name,
            Sentence("set_and_so", "is set, and so is {name}", name=f"{name}{FILE}"),
            Sentence("unset_one_two", "unset one of the two"),
        )
    return Origin("file", f"{name}{FILE}", _text(f"{name}{FILE}", Path(file)))


def _text(variable: str, file: Path) -> str:
    """The content of the file, without its last line end."""
    try:
        text = read_plain(file, LARGEST).decode("utf-8-sig")
    except Unfit as unfit:
        why = Sentence("names_what_is_none", "names {file}, which {what}", file=file, what=told(unfit))
        raise SettingsError(
            variable, why, Sentence("write_value_alone_into", "write the value alone into it")
        ) from unfit
    except UnicodeDecodeError as error:
        raise SettingsError(
            variable,
            Sentence("names_which_holds_no", "names {file}, which holds no text", file=file),
            Sentence("write_value_alone_into", "write the value alone into it"),
        ) from error
    except (OSError, ValueError) as error:
        why = Sentence(
            "names_which_cannot_be",
            "names {file}, which cannot be read: {why}",
            file=file,
            why=machine_said(error) if isinstance(error, OSError) else error,
        )
        raise SettingsError(
            variable, why, Sentence("correct_path_or_permissions", "correct the path, or its permissions")
        ) from error
    value = text.rstrip("\r\n")
    if not value or "\n" in value:
        what = (
            Sentence("names_which_holds_more_than", "names {file}, which holds more than one line", file=file)
            if value
            else Sentence("names_which_holds_nothing", "names {file}, which holds nothing", file=file)
        )
        raise SettingsError(
            variable,
            what,
            Sentence("write_value_alone_into", "write the value alone into it"),
        )
    return value


def kept_in(path: Path) -> dict[str, str]:
    """What the settings of a data folder say, by name in capitals; a $ in them stands for itself.

    Raises SettingsError where no such file can stand there, or a line of it sets nothing.
    """
    try:
        text = read_own(path, LARGEST, LINES).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except SettingsError as error:
        if isinstance(error.__cause__, Unfit) and error.__cause__.wrong == "empty":
            return {}  # it sets nothing
        raise
    except UnicodeDecodeError as error:
        raise SettingsError(
            str(path),
            Sentence("not_in_utf_8", "is not in UTF-8"),
            Sentence("save_as_utf_8", "save it as UTF-8, as editors call it"),
        ) from error
    if "\0" in text:
        raise SettingsError(str(path), Sentence("holds_no_text", "holds no text"), LINES)
    kept: dict[str, str] = {}
    for line in parse_stream(StringIO(text)):
        if line.error or (line.key is not None and line.value is None):
            number = line.original.line + line.original.string.removesuffix("\n").count("\n")
            cure = Sentence("write_name_and_value", "write a name, = and a value into it, or # before it")
            raise SettingsError(str(path), Sentence("line_sets_nothing", "line {n} sets nothing", n=number), cure)
        if line.key is not None and line.value is not None:
            kept[line.key.upper()] = line.value
    return kept


def said_by_folder(
    error: SettingsError, found: Mapping[str, Origin], file: Path, variable: str | None = None
) -> SettingsError:
    """The error with the settings file of the data folder, where that file says the value.

    found: where values come from; variable: the one that is wrong, where the error has another name.
    """
    name = variable or error.name
    if not any(one.kind == "folder" and one.variable == name for one in found.values()):
        return error
    cure = Sentence(
        "or_out_of_folder",
        "{cure}; {variable} stands in {file}, which caseward up writes while it runs: "
        "where none runs any more, take it out of there",
        cure=error.cure,
        variable=name,
        file=file,
    )
    return SettingsError(error.name, error.what, cure)


def _is_zone(name: str) -> bool:
    """Whether TZ names a zone; it may be a rule or a path too."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
