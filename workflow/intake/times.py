"""Finds digits alone that were read as a day or an instant: a library counts them as seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import BaseModel

DIGITS = re.compile(r"\s*[+-]?[0-9]+(?:\.[0-9]*)?\s*")


def digits_as_times(given: object, read: object, at: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """The places at which digits were given and a day or an instant was read. given: as in JSON."""
    if isinstance(read, date):  # a datetime is one too
        if isinstance(given, str) and DIGITS.fullmatch(given):
            yield at
    elif isinstance(read, BaseModel) and isinstance(given, Mapping):
        for name, field in type(read).model_fields.items():
            key = field.alias if field.alias is not None and field.alias in given else name
            if key in given:
                yield from digits_as_times(given[key], getattr(read, name), (*at, key))
    elif isinstance(read, Mapping) and isinstance(given, Mapping):
        for key, value in read.items():
            yield from digits_as_times(given.get(key), value, (*at, str(key)))
    elif isinstance(read, (list, tuple)) and isinstance(given, list):
        for index, (one, value) in enumerate(zip(given, read, strict=False)):
            yield from digits_as_times(one, value, (*at, index))
