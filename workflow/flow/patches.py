"""Checks that what lines learn, actions return and functions name has the types that the flow has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from workflow.errors import DefinitionError
from workflow.flow.case import Case
from workflow.flow.functions import Action, Fact, Need
from workflow.flow.shapes import (
    Schema,
    fits,
    hints_of,
    is_typed_dict,
    items,
    kind_of,
    may_be,
    members,
    part,
    schema,
    shown,
)


def check_learn(where: str, data: type[BaseModel], facts: Mapping[str, Fact], target: str, source: str) -> None:
    """Raise where a line learns into no field, from no fact or part of one, or a value that the field never takes."""
    field, (name, *parts) = target.removesuffix("+"), source.split(".")
    if field not in data.model_fields:
        raise DefinitionError(where, "learns_no_field", target=target, data=data.__name__)
    if name not in facts:
        raise DefinitionError(where, "learns_no_fact", source=source)
    hint = answered(facts[name])
    for one in parts:
        try:
            hint = part(hint, one)
        except AttributeError:
            owner = " | ".join(map(shown, members(hint))) or "None"
            raise DefinitionError(where, "learns_no_part", source=source, owner=owner, part=one) from None
    if not _takes(data, field, hint, appended=target.endswith("+")):
        raise DefinitionError(
            where, "learns_unfit", target=target, source=source, hint=shown(hint), taken=_taken(data, field)
        )


def check_patch(where: str, data: type[BaseModel], done: Action) -> None:
    """Raise where an action's annotation says that it returns something else than a patch of the data."""
    for hint in members(hints_of(done.function).get("return", Any)):
        kind = kind_of(hint)
        if kind is not None and is_typed_dict(kind):
            for name, value in get_type_hints(hint).items():
                _check_field(where, data, name, value)
        elif kind is not None and not issubclass(kind, Mapping):
            raise DefinitionError(where, "patch_no_mapping", hint=shown(hint))
        elif kind is not None and len(get_args(hint)) == 2:
            _check_mapping(where, data, hint)


def _check_mapping(where: str, data: type[BaseModel], hint: Any) -> None:
    names, values = get_args(hint)
    if not any((kind := kind_of(one)) is None or may_be(kind, str) for one in members(names)):
        raise DefinitionError(where, "patch_no_names", hint=shown(hint))
    for value in members(values):
        if not any(takes(data, field, value) for takes in (_alike, _takes) for field in data.model_fields):
            raise DefinitionError(where, "patch_no_taker", value=shown(value), data=data.__name__)


def _check_field(where: str, data: type[BaseModel], name: str, value: Any) -> None:
    if name not in data.model_fields:
        raise DefinitionError(where, "patch_no_field", field=name, data=data.__name__)
    if not _takes(data, name, value):
        raise DefinitionError(where, "patch_unfit", field=name, value=shown(value), taken=_taken(data, name))


def _takes(data: type[BaseModel], field: str, hint: Any, *, appended: bool = False) -> bool:
    """Whether the field may take such a value, or append one. Equal annotations always fit."""
    if _alike(data, field, hint, appended=appended):
        return True
    return fits(schema(list[hint] if appended else hint, "serialization"), _fields_of(data), field)


def _alike(data: type[BaseModel], field: str, hint: Any, *, appended: bool = False) -> bool:
    wanted = data.model_fields[field].annotation
    alike = _one_by_one(wanted) if appended else members(wanted)
    return any(one in (Any, object) or one in alike for one in members(hint))


@cache
def _fields_of(data: type[BaseModel]) -> Schema:
    return schema(data, "validation")


def _one_by_one(hint: Any) -> list[Any]:
    try:
        return [] if str in members(hint) else items(hint)
    except TypeError:
        return []


def _taken(data: type[BaseModel], field: str) -> str:
    return shown(data.model_fields[field].annotation)


def check_seen(where: str, need: Need, data: type[BaseModel], settings: object, facts: Mapping[str, Fact]) -> None:
    """Raise where a function annotates case, settings or a fact with another type than the flow has."""
    wanted = need.hint
    if need.name == "settings" and settings is None:
        if NoneType not in get_args(wanted):
            raise DefinitionError(where, "settings_none")
    elif need.name == "settings" and not may_be(type(settings), wanted):
        raise DefinitionError(where, "settings_unfit", wanted=shown(wanted), settings=shown(type(settings)))
    elif need.name == "case" and get_origin(wanted) is Case and not may_be(data, get_args(wanted)[0]):
        raise DefinitionError(where, "case_unfit", wanted=shown(get_args(wanted)[0]), data=data.__name__)
    elif need.name in facts and not may_be(answer := answered(facts[need.name]), wanted):
        raise DefinitionError(where, "fact_unfit", name=need.name, wanted=shown(wanted), answer=shown(answer))


def answered(asked: Fact) -> Any:
    return hints_of(asked.function).get("return", Any)
