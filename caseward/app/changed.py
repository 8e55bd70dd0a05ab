"""Settings as they count with what was changed at run time, before the environment; and which can be changed so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args

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

log = structlog.get_logger()

T = TypeVar("T")
S = TypeVar("S", bound=BaseModel)

Said = Mapping[str, Change]
"""The changes that count, by variable."""

LIVE = ("lease_seconds", "fact_seconds", "action_seconds", "look_again_minutes", "reconcile_minutes")
"""The engine's own settings that a running process can take."""
FOUND_BY = ("data_dir", "database_url")
"""The engine's own settings by which the record is found."""


@dataclass(frozen=True)
class Place:
    """A setting by its variable: its model and its field. live: it can be changed at run time."""

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
    """Every setting, the engine's own first."""
    found = {name: Place(name, field, Settings, VARIABLES, field in LIVE) for field, name in VARIABLES.items()}
    for one in systems.installed:
        own = one.system.variables
        found |= {name: Place(name, field, one.system.settings, own, True) for field, name in own.items()}
    return found


def fits(place: Place, value: str, values: BaseModel, installed: Installed | None = None) -> BaseModel:
    """The settings with this value in its place. Raises SettingsError with the model's own sentence.

    installed: the system whose settings they are; what it makes of them for its flows is tried too.
    """
    new = {place.field: value}
    try:
        return _with(values, new) if installed is None else _made(installed, new).settings
    except ValidationError as error:
        raise _misread(place, error) from None
    except Exception as error:
        what = Sentence("system_refuses_value", "the system cannot work with it: {why}", why=words(error))
        raise SettingsError(place.variable, what, Sentence("give_another_value", "give another value")) from error


def fits_without(place: Place, changed: Installed, at_start: Installed, said: Said) -> None:
    """Raises SettingsError where the other changes that count now do not fit without the one of this place.

    changed: the system as it is now; at_start: as it is without any change.
    """
    left = {
        field: _text(said[at_start.system.variables[field]])
        for field, origin in changed.origins.items()
        if origin.kind == "run_time" and field != place.field
    }
    try:
        _made(at_start, left)
    except Exception as error:
        why = _misread(place, error).what if isinstance(error, ValidationError) else words(error)
        what = Sentence("others_need_it", "without it the system cannot work with what else is set: {why}", why=why)
        cure = Sentence("take_others_back", "change what else is set first, or give this another value")
        raise SettingsError(place.variable, what, cure) from error


def not_set(variable: str) -> SettingsError:
    """What needs a setting that nobody made. Its cure is heard by running workers too."""
    cure = Sentence("settings_set_it", "caseward settings set {name} VALUE --reason TEXT", name=variable)
    return SettingsError(variable, Sentence("not_set", "it is not set"), cure)


def _misread(place: Place, error: ValidationError) -> SettingsError:
    """Of a rule over several fields: the name of the one that was to be changed."""
    problem = error.errors(include_input=False, include_url=False)[0]
    return misread({**problem, "loc": problem["loc"] or (place.field,)}, place.model, place.variables, {})


def _made(one: Installed, texts: Mapping[str, str]) -> Installed:
    """The system with these settings, of which it makes what its flows are given. Raises what it raises."""
    found = one.with_texts(texts)
    _ = found.flows
    return found


def _holds_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_holds_secret(part) for part in get_args(annotation))


@dataclass(frozen=True)
class Fitted(Generic[T]):
    """What is made of the changes that fit; left has the others by variable, each with what is wrong with it."""

    made: T
    left: Mapping[str, Exception] = field(default_factory=dict)

    def told(self) -> T:
        """What is made, once what is left is told: it locks nobody out."""
        for name, error in self.left.items():
            log.error("setting.unfit", setting=name, why=words(error), meanwhile="what was set before counts")
        return self.made


def changed_settings(settings: Settings, said: Said) -> Fitted[Settings]:
    """The engine's own."""
    new = _new({field: VARIABLES[field] for field in LIVE}, said)
    found, _, left = _fitting(new, lambda texts: _with(settings, texts))
    unfit = {VARIABLES[field]: error for field, error in left.items()}
    return Fitted(settings if found is None else found, unfit)


def changed_systems(systems: Systems, said: Said, changes: Sequence[Change]) -> Fitted[Systems]:
    """The systems with their settings and calendars as they count now."""
    fitted = [_changed_system(one, said) for one in systems.installed]
    kept = calendars_of(systems.brought.values(), changes)
    changed = {name: one for name, one in kept.items() if one is not systems.brought[name]}
    left = {name: error for one in fitted for name, error in one.left.items()}
    return Fitted(Systems(tuple(one.made for one in fitted), changed), left)


def _changed_system(one: Installed, said: Said) -> Fitted[Installed]:
    new = _new(one.system.variables, said)
    found, taken, left = _fitting(new, lambda texts: _made(one, texts))
    unfit = {one.system.variables[field]: error for field, error in left.items()}
    if found is None:
        return Fitted(one, unfit)
    counts = {field: Origin("run_time", new[field].name) for field in taken}
    return Fitted(replace(found, origins={**one.origins, **counts}), unfit)


def _new(variables: Mapping[str, str], said: Said) -> dict[str, Change]:
    """By field, the changes that set something."""
    return {field: said[name] for field, name in variables.items() if name in said and counts(said[name])}


def _fitting(
    new: Mapping[str, Change], make: Callable[[Mapping[str, str]], T]
) -> tuple[T | None, set[str], dict[str, Exception]]:
    """What is made of the changes that fit, their fields, and by field what is wrong with the others.

    A newer process may have written those, whose settings are others; or the system cannot work with them.
    """
    taken, found, left = set(new), None, dict[str, Exception]()

    def made(fields: Set[str]) -> T:
        return make({field: _text(change) for field, change in new.items() if field in fields})

    while taken:
        try:
            found = made(taken)
            break
        except Exception as error:  # noqa: BLE001 - a command that takes the change back is one of those that would end
            for field in _named(error) & taken or {max(taken, key=lambda one: new[one].number)}:
                taken.discard(field)
                left[field] = error
    unfit = dict[str, Exception]()
    for field in sorted(left, key=lambda one: new[one].number):
        try:  # it may have gone for another's sake
            found = made({*taken, field})
            taken.add(field)
        except Exception as error:  # noqa: BLE001 - as above
            unfit[field] = error
    return found, taken, unfit


def _named(error: Exception) -> set[str]:
    """The fields that a model's error names."""
    if not isinstance(error, ValidationError):
        return set()
    return {str(one["loc"][0]) for one in error.errors(include_input=False, include_url=False) if one["loc"]}


def _with(values: S, new: Mapping[str, object]) -> S:
    model = type(values)
    return model(**{name: getattr(values, name) for name in model.model_fields} | dict(new))


def said_in(changes: Sequence[Change], systems: Systems) -> dict[str, Change]:
    """By variable, the newest change of each setting; one under an older name where its own has none."""
    found = {one.name: one for one in newest(changes).values() if one.kind == "setting"}
    for one in systems.installed:
        for own, older in one.system.once_called.items():
            said = [found[name] for name in older if name in found]
            if said:
                found.setdefault(one.system.variables[own], said[0])
    return found


def counts(change: Change) -> bool:
    """Whether the change sets something; one that does not takes an earlier one back."""
    return change.value is not None or change.secret is not None


def _text(change: Change) -> str:
    """The text of the change, as a variable would have it."""
    return change.secret.get_secret_value() if change.secret is not None else str(change.value)


@dataclass(frozen=True)
class AsSet:
    """Settings and systems as they count now. said: the changes that count. unfit: by variable, why one counts not.

    unread: why the record was not read. now: business time, where it was read.
    """

    settings: Settings
    systems: Systems
    said: Said = field(default_factory=dict)
    unfit: Mapping[str, Exception] = field(default_factory=dict)
    unread: Sentence | Exception | None = None
    now: datetime | None = None


async def as_set(settings: Settings) -> AsSet:
    """What counts now, for commands that only look: nothing is made or migrated; an unreadable record is named."""
    systems = read_systems(settings)
    left = AsSet(settings, systems)
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
        return replace(left, unread=error)
    finally:
        await database.dispose()
    said = {name: one for name, one in said_in(changes, systems).items() if counts(one)}
    own, theirs = changed_settings(settings, said), changed_systems(systems, said, changes)
    unfit = {**own.left, **theirs.left}
    return AsSet(own.made, theirs.made, {name: one for name, one in said.items() if name not in unfit}, unfit, now=now)
