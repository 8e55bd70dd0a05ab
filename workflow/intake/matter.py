"""What a system is given of a case, to say what people see of it: the case with all that was done, told and seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.flow.case import Case
from workflow.record.codes_on_file import CodesOnFile
from workflow.record.values import Check, Effect


@dataclass(frozen=True)
class Matter:
    """now: business time. looks: those in the state in which it is, equal ones as one run, oldest first."""

    case: Case[Any]
    now: datetime
    codes_on_file: CodesOnFile
    effects: Sequence[Effect]
    looks: Sequence[Check]
