"""The people and firms that cases are about: one of them may stand in several cases, and is one by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Party:
    """One of them, as it stands in one case.

    key: the same wherever this one stands, such as kind and number of a certificate; never its name. It may be
    personal, and is shown to nobody. id: by which the case names it. ends: so much of the key as people see. typed:
    other ways in which a person may write the key. shown: what people see of it, by name. papers: what it gave this
    case, each by name with its parts.
    """

    key: str
    id: str
    name: str
    ends: str
    typed: tuple[str, ...] = ()
    shown: Mapping[str, object] = field(default_factory=dict)
    papers: tuple[tuple[str, Mapping[str, Any]], ...] = ()
