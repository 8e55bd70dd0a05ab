"""Finds systems: in packages of states/, in installed packages, and the one that CASEWARD_APP names."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

import states
from workflow.errors import DefinitionError, SettingsError, WorkflowError
from workflow.flow.mistakes import mistake_of, words
from workflow.sentence import Sentence
from workflow.settings import PREFIX, Settings, kept_settings, origins_in
from workflow.sources import said_by_folder
from workflow.system import System

GROUP = "caseward.systems"
"""The group of entry points in which an installed package names its systems."""


def known_systems() -> dict[str, Callable[[], System]]:
    """By name, those of this house (a package of states/ with a module `system`) and of installed packages."""
    found: dict[str, Callable[[], System]] = {}
    for module in pkgutil.iter_modules(states.__path__):
        if module.ispkg and find_spec(f"states.{module.name}.system") is not None:
            found[module.name] = _Named(f"states.{module.name}.system:system")
    for point in entry_points(group=GROUP):
        if point.name in found:
            what = Sentence("system_twice", "names a system {name}, and there is one already", name=point.name)
            raise SettingsError(
                point.value, what, Sentence("rename_or_uninstall", "rename it, or uninstall its package")
            )
        found[point.name] = _Named(point.value)
    return found


@dataclass(frozen=True)
class _Named:
    """A system by MODULE:NAME."""

    place: str

    def __call__(self) -> System:
        try:
            system = EntryPoint("", self.place, GROUP).load()
        except DefinitionError:
            raise  # it says itself what is wrong and where
        except (Exception, SystemExit) as error:  # a script without a guard ends the process as it is imported
            raise _unreadable(self.place, error, _others()) from error
        if not isinstance(system, System):
            what = Sentence("is_no_system", "is a {kind} and no System", kind=type(system).__name__)
            raise SettingsError(self.place, what, Sentence("name_system_itself", "name the System itself"))
        return system


def _unreadable(place: str, error: BaseException, cure: Sentence) -> SettingsError:
    """A package that cannot be read, with the line where it ends."""
    mistake = mistake_of(error, place)
    where = f" ({mistake.place})" if mistake is not None and mistake.place else ""
    what = Sentence("system_unreadable", "cannot be read: {why}", why=f"{words(error)}{where}")
    return SettingsError(place, what, cure)


def _others() -> Sentence:
    return Sentence(
        "mend_or_leave_out", "mend it, or name the other systems in {variable}", variable=f"{PREFIX}SYSTEMS"
    )


def _unset() -> Sentence:
    return Sentence("mend_or_unset", "mend it, or unset {variable}", variable=f"{PREFIX}APP")


def picked(settings: Settings) -> list[System]:
    """The systems that are on; that of CASEWARD_APP is, named or not, and stands before an installed one of its name.

    Raises SettingsError where one is named that does not exist.
    """
    own = own_system(settings)
    try:
        return list(_picked(settings, own).values())
    except SettingsError as error:
        if error.name != f"{PREFIX}SYSTEMS":
            raise
        raise _said_by_folder(error, settings, "SYSTEMS") from error


def misnamed(settings: Settings) -> dict[str, str]:
    """Of the systems that are on, those whose entry point has another name, by their own: CASEWARD_SYSTEMS takes it.

    Raises as picked does.
    """
    named = _picked(settings, own_system(settings))
    return {system.name: name for name, system in named.items() if name != system.name}


def _picked(settings: Settings, own: System | None) -> dict[str, System]:
    """The systems that are on, by the names that CASEWARD_SYSTEMS takes."""
    known = known_systems()
    if own is not None:
        known[own.name] = lambda: own
    if settings.systems is None:
        names = sorted(known) if own is None else []
    else:
        names = [name for part in settings.systems.split(",") if (name := part.strip())]
    if strange := [name for name in names if name not in known]:
        if point := _point_of(strange[0], known):
            raise SettingsError(
                f"{PREFIX}SYSTEMS",
                Sentence(
                    "system_of_other_point",
                    "names {name}, and the entry point of that system is called {point}",
                    name=strange[0],
                    point=point,
                ),
                Sentence(
                    "write_entry_point",
                    "write {point} there, or call its entry point {name} and install its package anew",
                    name=strange[0],
                    point=point,
                ),
            )
        what = Sentence(
            "names_no_system",
            "names {name}, and there is no such system; known are {known}",
            name=strange[0],
            known=", ".join(sorted(known)) or "-",
        )
        cure = Sentence("correct_or_install", "correct the name, or install the package that brings it")
        raise SettingsError(f"{PREFIX}SYSTEMS", what, cure)
    named = {name: known[name]() for name in names if own is None or name != own.name}
    if own is None:
        return named
    return {name: system for name, system in named.items() if system.name != own.name} | {own.name: own}


def _point_of(name: str, known: Mapping[str, Callable[[], System]]) -> str | None:
    """The name under which the system of this name is known; a package that cannot be read is passed over."""
    for point, load in known.items():
        try:
            found = load()
        except WorkflowError:
            continue
        if found.name == name:
            return point
    return None


def own_system(settings: Settings) -> System | None:
    """The system that CASEWARD_APP names; None where it is not set."""
    if not settings.app:
        return None
    try:
        return _app(settings.app)
    except SettingsError as error:
        raise _said_by_folder(error, settings, "APP") from error


def _said_by_folder(error: SettingsError, settings: Settings, of: str) -> SettingsError:
    """The error with the data folder's file, where that names the systems."""
    found = origins_in(os.environ, settings.data_dir)
    return said_by_folder(error, found, kept_settings(settings.data_dir), f"{PREFIX}{of}")


def _app(place: str) -> System:
    """The system that CASEWARD_APP names; its package is installed, or lies in the current folder."""
    module, _, name = place.partition(":")
    cure = Sentence(
        "write_module_and_name",
        "write it as package.module:name, and give the command where the package lies, or install it",
    )
    if not module or not name:
        raise SettingsError(
            f"{PREFIX}APP", Sentence("names_no_value", "{place} names no value of a module", place=repr(place)), cure
        )
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)  # behind all others: a folder there hides nothing of ours
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise _unreadable(place, error, _unset()) from error  # the module is there, and lacks something itself
        raise SettingsError(
            f"{PREFIX}APP", Sentence("no_module", "there is no module {name}", name=error.name), cure
        ) from None
    except DefinitionError:
        raise  # it says itself what is wrong and where
    except (Exception, SystemExit) as error:
        raise _unreadable(place, error, _unset()) from error
    if not isinstance(system := getattr(found, name, None), System):
        what = (
            Sentence("module_has_no", "{module} has no {name}", module=module, name=name)
            if system is None
            else Sentence(
                "place_is_no_system", "{place} is a {kind} and no System", place=place, kind=type(system).__name__
            )
        )
        raise SettingsError(f"{PREFIX}APP", what, cure)
    return system
