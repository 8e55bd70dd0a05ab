"""A sentence in English, with the code and the parts by which a catalogue says it in another language."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from typing import Any

from workflow.plain_text import plain_text


class Sentence(str):
    """A sentence of ours in English, as logs have it, with the code and the parts by which a catalogue says it.

    A part may be a sentence itself, or several. Of what a part quotes, all can be written.
    """

    code: str
    parts: Mapping[str, object]
    english: str

    def __new__(cls, code: str, english: str, /, **parts: object) -> Sentence:
        parts = {name: plain_text(part) if type(part) is str else part for name, part in parts.items()}
        made = super().__new__(cls, english.format(**parts) if parts else english)
        made.code, made.english, made.parts = code, english, parts
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]:
        return (self.code, self.english), dict(self.parts)


class Sentences(str):
    """Several sentences of ours, one behind the other."""

    each: tuple[str, ...]

    def __new__(cls, each: Iterable[str], /) -> Sentences:
        told = tuple(each)
        made = super().__new__(cls, "; ".join(told))
        made.each = told
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[tuple[str, ...]], dict[str, Any]]:
        return (self.each,), {}


def recorded(said: object) -> Any:
    """What was said as JSON, so that a catalogue can say it again; what has no code, as it stands."""
    if isinstance(said, Sentence):
        return {
            "text": str(said),
            "code": said.code,
            "parts": {name: recorded(one) for name, one in said.parts.items()},
        }
    if isinstance(said, Sentences):
        return {"text": str(said), "each": [recorded(one) for one in said.each]}
    return str(said)


def machine_said(error: OSError) -> Sentence:
    """What the operating system says, by the name of its error number."""
    code = errno.errorcode.get(error.errno or 0, "unknown")
    return Sentence(f"errno.{code}", error.strerror or str(error))
