"""Settings as they count with what was changed at run time, before the environment; and which can be changed so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

import structlog
from pydantic import BaseModel, SecretStr, ValidationError

from caseward.app.systems import Installed, Systems, read_systems
from workflow.clock import DatabaseClock
from workflow.errors import DatabaseUnusable, SettingsError
from workflow.flow.mistakes import words
from workflow.record.condition import usable
from workflow.record.configuration import Change
from workflow.record.database import open_database
from workflow.record.migrations import NEWEST, revision
from workflow.record.vault import open_vault
from workflow.sentence import Sentence
from workflow.settings import VARIABLES, Settings, misread
from workflow.sources import Origin
from workflow.store import Store
from workflow.store.configuration import calendars_of, newest
from workflow.system import SystemSettings

log = structlog.get_logger()

Said = Mapping[str, Change]
"""By variable, the change that counts."""

LIVE = ("lease_seconds", "fact_seconds", "action_seconds", "look_again_minutes", "reconcile_minutes")
"""The engine's own settings that a process which works can take."""
FOUND_BY = ("data_dir", "database_url")
"""The engine's own settings by which the record is found."""


@dataclass(frozen=True)
class Place:
    """A setting by its variable: the model and the field that it is. live: it can be changed at run time."""

    variable: str
    field: str
    model: type[BaseModel]
    variables: Mapping[str, str]
    live: bool

    @property
    def secret(self) -> bool:
        info = self.model.model_fields[self.field]
        return isinstance(info.default, SecretStr) or _holds_secret(info.annotation)


def places(systems: Systems) -> dict[str, Place]:
    """Every setting, the engine's first."""
    found = {name: Place(name, field, Settings, VARIABLES, field in LIVE) for field, name in VARIABLES.items()}
    for one in systems.installed:
        own = one.system.variables
        found |= {name: Place(name, field, one.system.settings, own, True) for field, name in own.items()}
    return found


def fits(place: Place, value: str, values: BaseModel, installed: Installed | None = None) -> BaseModel:
    """The settings with this value in its place. Raises SettingsError with the model's own sentence.

    installed: the system whose settings they are; what it makes of them for its flows is tried too.
    """
    try:
        found = _with(values, {place.field: value})
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        raise misread(problem, place.model, place.variables, {}) from None
    if installed is not None and isinstance(found, SystemSettings):
        try:
            _ = replace(installed, settings=found).flows
        except Exception as error:
            what = Sentence("system_refuses_value", "the system cannot work with it: {why}", why=words(error))
            cure = Sentence("give_another_value", "give another value")
            raise SettingsError(place.variable, what, cure) from error
    return found


def _holds_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_holds_secret(part) for part in get_args(annotation))


def changed_settings(settings: Settings, said: Said) -> Settings:
    """The engine's own."""
    live = {field: VARIABLES[field] for field in LIVE}
    found = _changed(settings, live, said)
    assert isinstance(found, Settings)
    return found


def changed_systems(systems: Systems, said: Said, changes: Sequence[Change]) -> Systems:
    """The systems with their settings and calendars as they count now."""
    installed = tuple(_changed_system(one, said) for one in systems.installed)
    kept = calendars_of(systems.brought.values(), changes)
    changed = {name: one for name, one in kept.items() if one is not systems.brought[name]}
    return Systems(installed, changed)


def _changed_system(one: Installed, said: Said) -> Installed:
    own = one.system.variables
    values = _changed(one.settings, own, said)
    assert isinstance(values, SystemSettings)
    counts = {field: Origin("run_time", name) for field, name in own.items() if _value(said, name) is not None}
    found = replace(one, settings=values, origins={**one.origins, **counts})
    try:
        _ = found.flows
    except Exception as error:  # noqa: BLE001 - a command that takes the change back is one of those that would end
        log.error("settings.unfit", system=one.system.name, why=words(error), meanwhile="what was set before counts")
        return one
    return found


def _changed(values: BaseModel, variables: Mapping[str, str], said: Said) -> BaseModel:
    """What does not fit is left out: a newer process may have written it, whose settings are others."""
    new = {field: value for field, name in variables.items() if (value := _value(said, name)) is not None}
    while new:
        try:
            return _with(values, new)
        except ValidationError as error:
            for problem in error.errors(include_input=False, include_url=False):
                field = str(problem["loc"][0]) if problem["loc"] else next(iter(new))
                log.error("setting.unfit", setting=variables.get(field, field), why=problem["msg"])
                if new.pop(field, None) is None:
                    return values
    return values


def _with(values: BaseModel, new: Mapping[str, object]) -> BaseModel:
    model = type(values)
    return model(**{name: getattr(values, name) for name in model.model_fields} | dict(new))


def counts(change: Change) -> bool:
    """Whether it says anything; one that does not takes an earlier one back."""
    return change.value is not None or change.secret is not None


def _value(said: Said, name: str) -> str | SecretStr | None:
    """None: as it is without any change."""
    change = said.get(name)
    if change is None or change.secret is None:
        return None if change is None else change.value
    return change.secret


@dataclass(frozen=True)
class AsSet:
    """Settings and systems as they count now. said: the changes that count. unread: why the record was not read.

    now: business time, where it was read.
    """

    settings: Settings
    systems: Systems
    said: Said
    unread: str | None = None
    now: datetime | None = None


async def as_set(settings: Settings) -> AsSet:
    """What counts now, for who only looks: nothing is made or migrated, and a record that cannot be read is said."""
    systems = read_systems(settings)
    left = AsSet(settings, systems, {})
    if settings.database_url is None and not (settings.data_dir / "caseward.db").exists():
        return left
    database = open_database(settings.database)
    try:
        await usable(database)
        if (found := await revision(database)) != NEWEST or not settings.keys.exists():
            schema = Sentence("its_schema", "its schema is {found}", found=found or "-")
            return replace(left, unread=schema if found != NEWEST else Sentence("no_keys", "it has no keys"))
        changes = await Store(database, open_vault(settings.keys), "").changes()
        now = await DatabaseClock(database).business()
    except (DatabaseUnusable, SettingsError, OSError) as error:
        return replace(left, unread=str(error))
    finally:
        await database.dispose()
    said = {name: one for name, one in newest(changes).items() if one.kind == "setting" and counts(one)}
    return AsSet(changed_settings(settings, said), changed_systems(systems, said, changes), said, now=now)
