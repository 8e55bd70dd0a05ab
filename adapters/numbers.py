"""Whole numbers as a remote writes them, in JSON or on a page; what only Python takes for one is none."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

from workflow.sentence import Sentence


def whole(value: object) -> int:
    """A count, or the number of a round. Raises ValueError.

    true and false are whole numbers to Python, and so are 1_0 and digits of other scripts; to a remote they are not.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, float) and value.is_integer() and 0 <= value < 1e9:
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip(" ")):
        return int(value)
    raise ValueError(Sentence("no_whole_number", "this is no whole number"))


def number_text(value: object) -> object:
    """A thing's number as text; some systems write it in JSON without quotes. Anything else is returned as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Whole = Annotated[int, BeforeValidator(whole)]
