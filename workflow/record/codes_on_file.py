"""What is on file of the secrets that people hand in for a case: whose lie ready, and how many are used up."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

CODE = "code"
"""The kind of a secret of which nothing else is said."""


def _nothing(value: object) -> bool:
    return not value


class CodesOnFile(BaseModel):
    """Whose codes are ready in this round, and how many each has used up; never a code.

    others: the same of secrets of other kinds, by the names of these.
    """

    model_config = ConfigDict(frozen=True)
    unused: frozenset[str] = frozenset()
    used: dict[str, int] = {}
    others: dict[str, CodesOnFile] = Field(default={}, exclude_if=_nothing)

    def __contains__(self, owner: str) -> bool:
        return owner in self.unused

    def of(self, kind: str) -> CodesOnFile:
        """What is on file of one kind of secret."""
        return self if kind == CODE else self.others.get(kind, CodesOnFile())
