"""A sentence in English, with the code and the parts by which a catalogue says it in another language."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any


class Sentence(str):
    """A sentence of ours in English, as logs have it, with the code and the parts by which a catalogue says it.

    A part may be a sentence itself.
    """

    code: str
    parts: Mapping[str, object]
    english: str

    def __new__(cls, code: str, english: str, /, **parts: object) -> Sentence:
        made = super().__new__(cls, english.format(**parts) if parts else english)
        made.code, made.english, made.parts = code, english, parts
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]:
        return (self.code, self.english), dict(self.parts)


def machine_said(error: OSError) -> Sentence:
    """What the operating system says, by the name of its error number."""
    code = errno.errorcode.get(error.errno or 0, "unknown")
    return Sentence(f"errno.{code}", error.strerror or str(error))
