"""`caseward settings list`: each setting, what it is now, and who says so: from a change at run time to the default."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from caseward.app.changed import AsSet, as_set, places
from caseward.app.systems import Installed, read_systems
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import complaint_of
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.text.output import Column, complain, say, screen
from caseward.console.wording.moments import Moments
from caseward.console.wording.shapes import both
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import LANGUAGES, Language, Words
from workflow.flow.mistakes import words
from workflow.json_settings import default_of, has_parts, parts_of, written
from workflow.settings import VARIABLES, Settings, origins_in, read_settings
from workflow.sources import FALLBACKS, Origin
from workflow.system import System

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""In place of business time, where no change tells of any instant."""
HIDDEN = "••••••"


def list_settings(texts: Texts, *, json: Json | None) -> int:
    """Without a record, or where it cannot be read, what the environment says."""
    warnings_to_stderr()
    now = asyncio.run(as_set(read_settings(lang=texts.language)))
    moments = Moments(now.now or NEVER, ZoneInfo(now.settings.timezone), texts)
    rows = every_row(now, os.environ)
    tell_uncounted(now, texts)
    if json:
        say(json.many([shape(row, moments) for row in rows]))
        return 0
    columns = [
        Column(texts("column.setting")),
        Column(texts("column.value"), 16),
        Column(texts("column.origin"), 10),
        Column(texts("column.takes_effect")),
    ]
    effect = {live: texts(f"settings.{'live' if live else 'at_start'}") for live in (True, False)}
    cells = [[row["name"], shown(row, texts), _from(row, texts, moments), effect[row["live"]]] for row in rows]
    say(*screen().table(columns, cells), "", texts("more.settings.list"))
    return 0


def tell_uncounted(now: AsSet, texts: Texts) -> None:
    """On standard error: why the record was not read, or what of it does not fit any more."""
    told = screen(sys.stderr)
    if now.unread is not None:
        why = complaint_of(now.unread, texts).cause if isinstance(now.unread, Exception) else texts.told(now.unread)
        complain(*told.wrapped(texts("settings.unread", why=why)))
    known = places(now.systems)
    for name, error in now.unfit.items():
        why = type(error).__name__ if known[name].secret else words(error)
        complain(*told.wrapped(texts("settings.unfit", name=name, why=why)))


def every_row(now: AsSet, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """Name, value and origin of each; of a secret its length alone. change: the one at run time that says it."""
    known = places(now.systems)
    rows = [*settings_of(now.settings, environ), *(row for one in now.systems.installed for row in rows_of(one))]
    for row in rows:
        change = now.said.get(row["name"]) if known[row["name"]].live else None
        row |= {"live": known[row["name"]].live, "change": change}
        row |= {"origin": "run_time", "variable": row["name"]} if change is not None else {}
    return rows


def settings_of(settings: Settings, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """Name, value and origin of each; of a secret its length alone."""
    found = origins_in(environ, settings.data_dir)
    return [_row(field, name, getattr(settings, field), found[field], None) for field, name in VARIABLES.items()]


def rows_of(one: Installed) -> list[dict[str, Any]]:
    """The same of a system."""
    return [
        _row(field, name, getattr(one.settings, field), one.origins[field], one.system)
        for field, name in one.system.variables.items()
    ]


def _row(field: str, name: str, value: object, origin: Origin, system: System | None) -> dict[str, Any]:
    secret = isinstance(value, SecretStr)
    return {
        "name": name,
        "about": both(lambda language: meaning(field, language, system)),
        "value": None if secret else _plain(value),
        "secret": secret,
        "bytes": len(value.get_secret_value().encode()) if isinstance(value, SecretStr) else None,
        "origin": origin.kind,
        "variable": origin.variable,
    }


def example() -> str:
    """The text of .env.example: every setting at its default, with what it is for in both languages."""
    parts = [
        f"# Made by python -m {__spec__.name} of the settings; copy it to .env, and change what differs.",
    ]
    for field, name, default, system in _defaults():
        value = "" if default is None or isinstance(default, SecretStr) else written(_plain(default))
        told = [f"# {meaning(field, language, system)}" for language in reversed(LANGUAGES)]
        parts += ["", *told, f"#{name}={value}"]
    return "\n".join(parts) + "\n"


def table(language: Language) -> str:
    """The settings as docs/settings.md shows them: name, default, meaning, and which variables of others are read."""
    texts = Texts(language)
    head = [texts(f"column.{name}") for name in ("setting", "default", "meaning")]
    lines = [f"| {' | '.join(head)} |", "|---|---|---|"]
    for field, name, default, system in _defaults():
        usual = (
            ""
            if default is None or isinstance(default, SecretStr) or default == ""
            else f"`{written(_plain(default))}`"
        )
        about = meaning(field, language, system)
        if others := FALLBACKS.get(field):
            about += texts("setting.fallback", names=texts("mark.comma").join(f"`{other}`" for other in others))
        lines.append(f"| `{name}` | {usual} | {about} |")
    return "\n".join(lines) + "\n"


def meaning(field: str, language: Language, system: System | None) -> str:
    """What a setting of this system, or of Caseward itself, is for; empty where its catalogue does not say."""
    if system is None:
        return Texts(language)(f"setting.{field}")
    words = Words(language, systems=(system,))
    return words("setting", field) if f"setting.{field}" in words else ""


def _defaults() -> Iterator[tuple[str, str, object, System | None]]:
    """(field, variable, default, system) of every setting, Caseward's own first, which are of no system."""
    yield from ((field, name, Settings.model_fields[field].default, None) for field, name in VARIABLES.items())
    for one in read_systems(Settings()).installed:
        fields = one.system.settings.model_fields
        yield from (
            (field, name, default_of(fields[field]), one.system) for field, name in one.system.variables.items()
        )


def shape(row: Mapping[str, Any], moments: Moments) -> dict[str, Any]:
    change = row["change"]
    by = None
    if change is not None:
        by = {"version": change.version, "at": moments.iso(change.at), "actor": change.actor, "reason": change.reason}
    return {name: value for name, value in row.items() if name != "about"} | {"change": by, "about": row["about"]}


def _from(row: Mapping[str, Any], texts: Texts, moments: Moments) -> str:
    """A file and a variable of others are told by their names, a change by who made it and when."""
    if (change := row["change"]) is not None:
        who = change.actor.partition(":")[2]
        return texts("origin.run_time", who=who, at=moments.short(change.at), why=change.reason)
    return row["variable"] if row["origin"] in ("file", "fallback") else texts(f"origin.{row['origin']}")


def shown(row: Mapping[str, Any], texts: Texts) -> str:
    if row["secret"]:
        return texts("value.secret", n=row["bytes"]) if row["bytes"] else texts("value.unset")
    return written(row["value"]) if row["value"] not in (None, "") else texts("value.unset")


def _plain(value: object) -> Any:
    """A value as it is written in the environment; of one with parts these. A password inside an address is hidden."""
    if value is None or isinstance(value, int):
        return value
    return _open(parts_of(value)) if has_parts(value) else _without_password(str(value))


def _open(value: Any) -> Any:
    """Its parts without what nobody is shown."""
    if isinstance(value, dict):
        return {name: _open(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_open(one) for one in value]
    return _without_password(value) if isinstance(value, str) else value


def _without_password(text: str) -> str:
    if "://" not in text:
        return text
    parts = urlsplit(text)
    if parts.password is None:
        return text
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{HIDDEN}@{host}"))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["table", "en" | "zh-CN" as language]:
            print(table(language), end="")
        case _:
            print(example(), end="")
