"""What a value's field may be held against: annotations of every shape, and none of them breaks the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

import pytest

from workflow.errors import DefinitionError
from workflow.flow.shapes import check_fields


class Opens(Protocol):
    def open(self) -> None: ...


class Door:
    def open(self) -> None: ...


class Named(TypedDict):
    name: str


@dataclass
class Held:
    plain: tuple = ()  # type: ignore[type-arg]
    none: tuple[()] = ()
    pair: tuple[int, str] = (1, "a")
    many: tuple[int, ...] = ()
    frozen: frozenset = frozenset()  # type: ignore[type-arg]
    door: Opens | None = None
    doors: tuple[Opens, ...] = ()
    kind: type[Opens] | None = None
    named: Named | None = None
    by_name: Mapping[str, Opens] | None = None


@pytest.mark.parametrize(
    "given",
    [
        {"plain": (1, "a")},
        {"pair": (2, "b")},
        {"many": (1, 2)},
        {"frozen": frozenset({1})},
        {"door": Door()},
        {"doors": (Door(), Door())},
        {"kind": Door},
        {"named": {"name": "ada"}},
        {"by_name": {"front": Door()}},
    ],
    ids=lambda given: next(iter(given)),
)
def test_what_cannot_be_told_fits(given: dict[str, Any]) -> None:
    check_fields(Held(**given), "held")


@pytest.mark.parametrize(
    "given",
    [{"plain": 1}, {"none": 1}, {"pair": (1, 2)}, {"pair": (1,)}, {"many": ("a",)}, {"frozen": 1}],
    ids=lambda given: next(iter(given)),
)
def test_what_is_of_another_kind_is_named_by_its_field(given: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError, match=next(iter(given))):
        check_fields(Held(**given), "held")
