"""What annotations say of values: their parts, their items, and whether one fits where another is expected.

Nothing is refused that might do: what cannot be told fits.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, cached_property
from itertools import repeat
from typing import Annotated, Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

from workflow.errors import DefinitionError

Schema = dict[str, Any]

SCALARS: Mapping[str, frozenset[str]] = {
    "string": frozenset({"string"}),
    "boolean": frozenset({"boolean", "integer", "number", "string"}),
    "integer": frozenset({"boolean", "integer", "number", "string"}),
    "number": frozenset({"boolean", "integer", "number", "string"}),
}
"""What pydantic may turn into a value of a kind when it is not strict."""


def members(hint: Any) -> list[Any]:
    """The types that a value may have, None left out; Any where that cannot be told."""
    if isinstance(hint, NewType):
        return members(hint.__supertype__)
    if isinstance(hint, TypeVar):
        return [Any]
    if get_origin(hint) is Annotated:
        return members(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return [found for one in get_args(hint) for found in members(one)]
    return [] if hint in (None, types.NoneType) else [hint]


def shown(hint: Any) -> str:
    """An annotation as its author wrote it."""
    if get_origin(hint) in (Union, types.UnionType):
        return " | ".join(shown(one) for one in get_args(hint))
    if hint is types.NoneType:
        return "None"
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")


def kind_of(hint: Any) -> type | None:
    """The class behind an annotation; None where there is none or it says nothing, such as Any, object or a Literal."""
    plain = get_origin(hint) or hint
    return plain if isinstance(plain, type) and plain not in (Any, object) else None


def is_typed_dict(kind: type) -> bool:
    """Whether it is a TypedDict of typing or of typing_extensions, which differ before Python 3.12."""
    return issubclass(kind, dict) and hasattr(kind, "__required_keys__")


def part(hint: Any, name: str) -> Any:
    """The annotation of an attribute, Any where it cannot be told. Raises AttributeError where no member has it."""
    found = []
    for member in members(hint):
        try:
            found.append(_part(member, name))
        except AttributeError:
            continue
    if not found:
        raise AttributeError(name)
    return Union[tuple(found)]  # noqa: UP007


def _part(member: Any, name: str) -> Any:
    kind = kind_of(member)
    if kind is None or (hasattr(kind, "__getattr__") and not issubclass(kind, BaseModel)):
        return Any
    if issubclass(kind, BaseModel):
        if name in kind.model_fields:
            return kind.model_fields[name].annotation
        if kind.model_config.get("extra") == "allow":
            return Any
    if is_typed_dict(kind):
        raise AttributeError(name)  # a dict has keys, and no attribute of that name
    hints = hints_of(kind)
    if name in hints:
        return hints[name]
    attribute = getattr(kind, name, None)
    if isinstance(attribute, property | cached_property):
        asked = attribute.fget if isinstance(attribute, property) else attribute.func
        return hints_of(asked).get("return", Any)
    is_told = issubclass(kind, BaseModel | Enum | tuple) or is_dataclass(kind) or kind.__module__ == "builtins"
    if attribute is not None or not is_told:
        return Any
    raise AttributeError(name)


def hints_of(annotated: Any) -> dict[str, Any]:
    """The annotations of a function or class; empty where they cannot be read."""
    try:
        return get_type_hints(annotated)
    except (NameError, TypeError):
        return {}


def items(hint: Any) -> list[Any]:
    """The types of what iterating gives. Raises TypeError where it cannot be iterated."""
    found: list[Any] = []
    for member in members(hint) or [None]:
        kind = kind_of(member)
        if kind is None and member is not None:
            found.append(Any)
        elif kind is None or not issubclass(kind, Iterable):
            raise TypeError(shown(member))
        elif kind is str:
            found.append(str)
        else:
            given = get_args(member)[:1] if issubclass(kind, Mapping) else get_args(member)
            found += [one for one in given if one is not Ellipsis] or [Any]
    return found


def may_be(given: Any, wanted: Any) -> bool:
    """Whether some value of the one type may be one of the other, as it is; None is left aside."""
    return not (members(given) and members(wanted)) or any(
        _related(kind_of(one), kind_of(other)) for one in members(given) for other in members(wanted)
    )


def _related(one: type | None, other: type | None) -> bool:
    if one is None or other is None or (one, other) == (int, float):
        return True
    one, other = _open(one), _open(other)
    try:
        return issubclass(one, other) or issubclass(other, one)
    except TypeError:  # a Protocol, or a TypedDict
        return True


def _open(kind: type) -> type:
    """A generic model without its parameters: pydantic makes a class for each, and none is another's parent."""
    return getattr(kind, "__pydantic_generic_metadata__", {}).get("origin") or kind


# ---------------------------------------------------------------- what fits


class _Open(GenerateJsonSchema):
    """A schema that says nothing, where code decides."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}  # noqa: RUF012

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        return {} if self.mode == "validation" else super().function_before_schema(schema)

    def function_wrap_schema(self, schema: core_schema.WrapValidatorFunctionSchema) -> Schema:
        return {} if self.mode == "validation" else super().function_wrap_schema(schema)

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> Schema:
        return {}

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> Schema:
        return {}

    def ser_schema(self, schema: Any) -> Schema | None:
        is_code = schema["type"] in ("function-plain", "function-wrap") and not schema.get("return_schema")
        return {} if is_code else super().ser_schema(schema)


def schema(hint: Any, mode: JsonSchemaMode) -> Schema:
    """The schema by which a value of the type is written or read; empty where that cannot be told."""
    try:
        return TypeAdapter(hint).json_schema(mode=mode, by_alias=False, schema_generator=_Open)
    except PydanticUserError:
        return {}


def fits(given: Schema, wanted: Schema, field: str | None = None) -> bool:
    """Whether some value that is written as the given type may be read as the wanted one, or as a field of it."""
    aim = wanted if field is None else _resolved(wanted, wanted).get("properties", {}).get(field, {})
    return _Fit(given, wanted).holds(given, aim)


def _resolved(found: Schema, root: Schema) -> Schema:
    while "$ref" in found:
        found = root.get("$defs", {}).get(found["$ref"].rpartition("/")[2], {})
    return found


class _Fit:
    """One comparison; a type that refers to itself is compared once."""

    def __init__(self, given: Schema, wanted: Schema) -> None:
        self._given, self._wanted = given, wanted
        self._known: dict[tuple[int, int], bool] = {}

    def holds(self, given: Schema, wanted: Schema) -> bool:
        may, aims = _choices(given, self._given), _choices(wanted, self._wanted)
        may = [one for one in may if one.get("type") != "null"] or may
        return any(self._one(one, aim) for one in may for aim in aims)

    def _one(self, given: Schema, wanted: Schema) -> bool:
        pair = (id(given), id(wanted))
        if pair not in self._known:
            self._known[pair] = True  # a type that refers to itself: nothing speaks against it so far
            self._known[pair] = self._compared(given, wanted)
        return self._known[pair]

    def _compared(self, given: Schema, wanted: Schema) -> bool:
        of, to = given.get("type"), wanted.get("type")
        if not (isinstance(of, str) and isinstance(to, str)):
            return True
        if to == "object":
            return of == to and self._fields(given, wanted)
        if to == "array":
            of_items, to_items = given.get("items"), wanted.get("items")
            return of == to and (not of_items or not to_items or self.holds(of_items, to_items))
        return of == to or of in SCALARS.get(to, ()) or ("format" in wanted and of in ("integer", "number"))

    def _fields(self, given: Schema, wanted: Schema) -> bool:
        has, takes = given.get("properties"), wanted.get("properties")
        if has is None or takes is None:
            return True
        is_open = given.get("additionalProperties", False) is not False
        lacks = not is_open and set(wanted.get("required", ())) - has.keys()
        exceeds = wanted.get("additionalProperties") is False and has.keys() - takes.keys()
        return not (lacks or exceeds) and all(self.holds(has[name], takes[name]) for name in has.keys() & takes.keys())


def _choices(found: Schema, root: Schema) -> list[Schema]:
    found = _resolved(found, root)
    several = found.get("anyOf") or found.get("oneOf")
    return [choice for one in several for choice in _choices(one, root)] if several else [found]


def check_fields(value: Any, where: str) -> None:
    """Hold a dataclass against its annotations. Raises DefinitionError with the field that holds something else."""
    kind: Any = type(value)
    hints = _hints(kind)
    for one in fields(value):
        own = getattr(value, one.name)
        for found, hint in _unfit(own, hints[one.name]):
            code = "field_is" if found is own else "field_holds"
            takes = _plain(hints[one.name])
            raise DefinitionError(where, code, field=one.name, value=f"{found!r:.80}", type=_plain(hint), takes=takes)


def _plain(hint: Any) -> str:
    return shown(hint).replace("collections.abc.", "")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_right(value: Any, hint: Any, kind: type) -> bool:
    """Whether a value is of the kind of an annotation, without what it holds."""
    parts = get_args(hint)
    if get_origin(hint) is Callable:
        return callable(value)
    try:
        if kind is type:
            return isinstance(value, type) and (not parts or issubclass(value, kind_of(parts[0]) or object))
        if kind is tuple:  # a list does as well
            is_open = not parts or Ellipsis in parts
            return isinstance(value, tuple | list) and (is_open or len(value) == len(parts))
        return isinstance(value, Set if kind is frozenset else kind)
    except TypeError:  # a Protocol, or a TypedDict
        return True


def _unfit(value: Any, hint: Any) -> Iterator[tuple[Any, Any]]:
    """What of a value is of another kind than the annotation, each with the annotation that it misses."""
    found = members(hint)
    if (value is None and len(found) < len(get_args(hint))) or len(found) != 1 or (kind := kind_of(found[0])) is None:
        return
    parts = get_args(found[0])
    if not _is_right(value, found[0], kind):
        yield value, found[0]
    elif kind in (tuple, frozenset):
        several = parts if kind is tuple and Ellipsis not in parts else repeat(parts[0] if parts else Any)
        yield from (flaw for item, part in zip(value, several, strict=False) for flaw in _unfit(item, part))
    elif issubclass(kind, Mapping) and parts:
        yield from (
            flaw
            for pair in value.items()
            for item, part in zip(pair, parts, strict=True)
            for flaw in _unfit(item, part)
        )
