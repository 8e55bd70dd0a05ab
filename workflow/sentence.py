"""What people are told: a sentence in English with the code and the parts by which a catalogue says it, or a quote."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Mapping
from typing import Any

from workflow.plain_text import plain_text


class Said(str):
    """Words for people: a Sentence, several Sentences, what a remote's error says, or a Quote.

    What the record keeps for people has this type, so that none of our own words gets there without a code.
    """


class Quote(Said):
    """Words that are not ours, such as those of a person, a remote or a library. They are shown as they stand."""

    def __new__(cls, words: str, /) -> Quote:
        return super().__new__(cls, plain_text(words))


class InBoth(Said):
    """Words of ours that stand in the code in English and in Chinese."""

    chinese: str

    def __new__(cls, english: str, chinese: str, /) -> InBoth:
        made = super().__new__(cls, english)
        made.chinese = chinese
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]:
        return (str(self), self.chinese), {}


class Sentence(Said):
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


class Sentences(Said):
    """Several sentences of ours, one behind the other."""

    each: tuple[str, ...]

    def __new__(cls, each: Iterable[str], /) -> Sentences:
        told = tuple(each)
        made = super().__new__(cls, "; ".join(told))
        made.each = told
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[tuple[str, ...]], dict[str, Any]]:
        return (self.each,), {}


class RemoteSaid(Said):
    """What a remote's error says. kind: the name of its class in errors.py; why: a Sentence of ours.

    text: the whole in English.
    """

    kind: str
    adapter: str
    step: str
    why: Said

    def __new__(cls, text: str, kind: str, adapter: str, step: str, why: Said, /) -> RemoteSaid:
        made = super().__new__(cls, text)
        made.kind, made.adapter, made.step, made.why = kind, adapter, step, why
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str, str, str, Said], dict[str, Any]]:
        return (str(self), self.kind, self.adapter, self.step, self.why), {}


def said_or_quoted(words: str) -> Said:
    """The words as they are where their code is known, else as a quote."""
    return words if isinstance(words, Said) else Quote(words)


def recorded(said: object) -> Any:
    """What was said as JSON, so that a catalogue can say it again; what has no code, as it stands."""
    if isinstance(said, RemoteSaid):
        where = {"kind": said.kind, "adapter": said.adapter, "step": said.step}
        return {"text": str(said), **where, "why": recorded(said.why)}
    if isinstance(said, Sentence):
        return {
            "text": str(said),
            "code": said.code,
            "parts": {name: recorded(one) for name, one in said.parts.items()},
        }
    if isinstance(said, Sentences):
        return {"text": str(said), "each": [recorded(one) for one in said.each]}
    return str(said)


def read(kept: object) -> Said:
    """What `recorded` made JSON of; anything else is a quote."""
    match kept:
        case {"text": str(text), **more} if not more:
            return Quote(text)
        case {"text": str(text), "code": str(code), "parts": dict(parts)}:
            made = str.__new__(Sentence, text)
            made.code, made.parts = code, {name: read(part) for name, part in parts.items()}
            made.english = text.replace("{", "{{").replace("}", "}}") if parts else text
            return made
        case {"text": str(), "each": list(each)}:
            return Sentences(map(read, each))
        case {"text": str(text), "kind": str(kind), "adapter": str(adapter), "step": str(step), "why": why}:
            return RemoteSaid(text, kind, adapter, step, read(why))
        case _:
            return Quote(str(kept))


def kept_text(said: str) -> str:
    """The text by which a column keeps it: JSON of what has a code, else the words.

    Words that would be read as something else, such as what a column keeps of a sentence, are JSON too.
    """
    kept = recorded(said)
    if not isinstance(kept, str):
        return _canonical(kept)
    plain = plain_text(kept)
    return plain if said_in(plain) == plain else _canonical({"text": plain})


def said_in(text: str) -> Said:
    """What a column keeps by this text. Words that no version of ours wrote as JSON are a quote."""
    try:
        kept = json.loads(text) if text.startswith("{") else text
        return found if isinstance(kept, dict) and kept_text(found := read(kept)) == text else Quote(text)
    except (ValueError, RecursionError):
        return Quote(text)


def _canonical(kept: Any) -> str:
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def told_beside(**said: str) -> dict[str, Any]:
    """The words by their names, and beside them the codes of those that have one, as a body of the record has them."""
    coded = {name: _beside(one) for name, one in said.items() if isinstance(one, Sentence | Sentences | RemoteSaid)}
    return {**{name: str(one) for name, one in said.items()}, **({"sentences": coded} if coded else {})}


def _beside(said: Said) -> Any:
    """A remote's error as JSON without the words, or another sentence as the why that it is."""
    kept = recorded(said)
    return {name: kept[name] for name in kept if name != "text"} if isinstance(said, RemoteSaid) else {"why": kept}


def machine_said(error: OSError) -> Sentence:
    """What the operating system says, by the name of its error number."""
    code = errno.errorcode.get(error.errno or 0, "unknown")
    return Sentence(f"errno.{code}", error.strerror or str(error))
