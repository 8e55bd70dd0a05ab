"""One thing that was looked at: well, to be minded, or ill; its sentence and its cure in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from caseward.console.wording.texts import Texts
from workflow.sentence import Said


class Mark(StrEnum):
    """mind: it works, but a person should know; ill: something cannot work."""

    well = "well"
    mind = "mind"
    ill = "ill"


@dataclass(frozen=True)
class Finding:
    """what and cure name sentences of the catalogue; a part may be a sentence of the engine."""

    check: str
    mark: Mark
    what: str
    parts: Mapping[str, Any] = field(default_factory=dict)
    cure: str | None = None

    def said(self, texts: Texts) -> str:
        return texts(self._key(self.what, texts), **self._parts(texts))

    def cured(self, texts: Texts) -> str | None:
        return texts(self._key(self.cure, texts), **self._parts(texts)) if self.cure else None

    def _key(self, name: str, texts: Texts) -> str:
        """The sentence of this check; a check without sentences of its own is a remote's, by the remote's name."""
        own = f"doctor.{self.check}.{name}"
        return own if own in texts else f"doctor.remote.{name}"

    def _parts(self, texts: Texts) -> dict[str, Any]:
        """What is said with a code is told in the reader's language."""
        return {name: texts.told(part) if isinstance(part, Said) else part for name, part in self.parts.items()}
