"""The reason that a person gives for a command: it stands on the record, and says something."""

from __future__ import annotations

from workflow.errors import NoReason

LEAST = 8
"""Characters; a shorter reason tells nobody in a year why a case was forced."""


def reason_given(reason: str, least: int = 1) -> str:
    """The reason without blanks around it. Raises NoReason where it is too short to be one."""
    said = reason.strip()
    if len(said) < least:
        raise NoReason(len(said), least)
    return said
