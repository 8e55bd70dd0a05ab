"""What people may change of a case's particulars, and what a change makes stale: each by a rule of its system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Changed:
    """A field, by the names and places that lead to it, as it was and as it is to be. None: it is not given."""

    place: tuple[str | int, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class Edited:
    """What follows from a change.

    patch: what else of the data changes. stale: the names of what was made from the former particulars and is not used
    again, each said by the word `stale.NAME`.
    """

    patch: Mapping[str, object] = field(default_factory=dict)
    stale: tuple[str, ...] = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Changed, ...]:
    """Each field in which two sets of particulars differ, in the order of the data."""
    return tuple(_changes((), before, after))


def _changes(place: tuple[str | int, ...], before: Any, after: Any) -> Iterator[Changed]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            yield from _changes((*place, name), before.get(name), after.get(name))
        return
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after) and _objects(before, after):
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changes((*place, at), old, new)
        return
    yield Changed(place, before, after)


def _objects(*lists: list[Any]) -> bool:
    return all(isinstance(one, Mapping) for listed in lists for one in listed)
