"""Where a force would leave a case of a system stuck: a rule that says so before, with the way that goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.flow.case import Case
from workflow.intake.gives import NotTaken

DeadEnd = Callable[[Case[Any], str, str, int], NotTaken | None]
"""Told the case as it would be in its round, the state where it would be put, and the state and the round where it is.

What it answers is why the case would not go on from there, with the way that does; None where it goes on.
"""
