"""Settings of several parts: which of them are written as JSON, and how such a text is read."""

from __future__ import annotations

import json
from collections.abc import Collection, Set
from dataclasses import is_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, PlainValidator, WrapValidator
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python
from typing_extensions import is_typeddict

from workflow.sentence import Sentence

TEXT, HAVE = (str, bytes, bytearray), (Collection, BaseModel)
"""What is text though it has parts by itself; and what has parts."""
READERS = (BeforeValidator, PlainValidator, WrapValidator)
"""What stands beside a type and reads a text by itself."""


def is_written_as_json(field: FieldInfo) -> bool:
    """Whether its value has parts in whatever form it may take, and nothing of its own reads the text."""
    return not any(isinstance(one, READERS) for one in field.metadata) and _has_parts(field.annotation)


def from_json(text: str) -> object:
    """Raises ValueError with what is wrong and how it is written."""
    try:
        return json.loads(text)
    except ValueError as error:
        what = Sentence(
            "no_json_write",
            "it is no JSON ({why}); write it as in {list} or {object}",
            why=error,
            list='["a", "b"]',
            object='{"a": 1}',
        )
        raise ValueError(what) from error


def has_parts(value: object) -> bool:
    """Whether a value is a list, a set, a dictionary or a model, which is written as JSON."""
    return (isinstance(value, HAVE) and not isinstance(value, TEXT)) or is_dataclass(value)


def parts_of(value: object) -> Any:
    """Lists and dictionaries of what JSON knows; a set in the order of its texts."""
    found = to_jsonable_python(value)
    return sorted(found, key=str) if isinstance(value, Set) else found


def written(value: Any) -> str:
    """A value as a person writes it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def default_of(field: FieldInfo) -> Any:
    return field.get_default(call_default_factory=True, validated_data={})


def _has_parts(annotation: Any) -> bool:
    """Of several forms all but None have parts."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _has_parts(get_args(annotation)[0])
    if origin in (Union, UnionType):
        forms = [form for form in get_args(annotation) if form is not type(None)]
        return all(_has_parts(form) for form in forms)
    kind = origin or annotation
    if is_typeddict(kind):
        return True
    return isinstance(kind, type) and not issubclass(kind, TEXT) and (issubclass(kind, HAVE) or is_dataclass(kind))
