"""Whether a no tells of the same thing begun before, and in which words: nothing is settled by such a no."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.personal import without_numbers
from adapters.replies import LONGEST_WORDS, MalformedJson, NotJson, Reply, is_no, strict_json, text_of_page
from workflow.plain_text import plain_text
from workflow.sentence import Sentence

UNDER_WAY = re.compile(
    r"in[ _-]?progress|(?:being|is|are|still)[ _-]process|^processing|\bprocessing$|pending|duplicate|already"
    r"|处理中|正在处理|进行中|支付中|受理中|已受理|重复|已支付|已存在",
    re.IGNORECASE,
)
"""Words of a remote that says no because the same was asked for before: it may be done, or be done yet."""
ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")
BEFORE = 20
"""So many characters before these words are told of a long text."""


def told_of_begun(reply: Reply, sent: object) -> str:
    """The text of a reply that tells of the same thing begun before; empty where none does: see `under_way`."""
    return next(filter(None, (under_way(said, sent) for said in _documents(reply))), "")


def under_way(said: Any, sent: object) -> str:
    """The text of a no that tells of the same thing begun before; empty where none does.

    said: a JSON document, or the text of a page. All its texts are judged, whole, and the names of what is neither
    empty nor a no: what is told of a reply is a part, and may lack the very word. sent: the body that is answered; a
    text that repeats one of it tells of nothing.
    """
    own = set(_texts(sent))
    return next((text for text in _texts(said) if text not in own and UNDER_WAY.search(text)), "")


def with_begun(words: str, begun: str) -> str:
    """The words of a no, and beside them the text that tells of the same begun before where they lack it."""
    told = without_numbers(plain_text(begun))
    if len(told) > LONGEST_WORDS and (found := UNDER_WAY.search(told)) and found.start() > BEFORE:
        told = f"…{told[found.start() - BEFORE :]}"
    told = told[:LONGEST_WORDS]
    if told in words:
        return words
    return Sentence("tells_of_begun", "{words}; it tells of the same begun before: {begun}", words=words, begun=told)


def _documents(reply: Reply) -> Iterator[Any]:
    """What the reply may say, by each encoding in which it may be; what is no strict JSON is a text."""
    for text in reply.readings:
        if not reply.is_json:
            yield _unescaped(text_of_page(text))
            continue
        try:
            yield strict_json(text)
        except (NotJson, MalformedJson):
            yield _unescaped(text)


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: found[0].encode().decode("unicode_escape"), text)


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield " ".join(said.split())
    elif isinstance(said, list):
        for part in said:
            yield from _texts(part)
    elif isinstance(said, Mapping):
        for name, part in said.items():
            if part and not is_no(part):
                yield " ".join(name.split())
            yield from _texts(part)
