"""What an HTTP remote answered: whether it is JSON, in which encoding, and the words in which it says no."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from html import unescape
from types import UnionType
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

import httpx

from adapters.numbers import whole
from adapters.personal import without_numbers
from workflow.plain_text import plain, plain_text
from workflow.sentence import Sentence

CHINESE = ("utf-8", "gb18030")
"""The encodings that are tried where the reply names none, or names one in which it cannot be read."""
LONGEST_WORDS = 200
"""So many characters of a remote's own words are kept."""
CODES = ("code", "errcode", "error_code", "errorCode", "retcode", "ret", "status")
OTHER_CODES = ("Code", "errno", "err_code", "errorcode", "resultCode", "result_code", "returnCode", "return_code")
AGAINST = ("errors", "err", "partial", "stale", "degraded", "timed_out", "truncated")
"""Parts of a reply that speak against all it holds, where they say anything."""
FAILED = frozenset({"error", "err", "fail", "failed", "failure", "exception", "失败", "错误"})
FIRST_FAILURE = 300
"""From here on a number for the status says that the call came to nothing."""
WORDS = ("message", "msg", "errmsg", "error_msg", "detail", "reason", "description", "title")
OLDEST = 60
"""So many seconds old may a copy be that somebody on the way kept."""
STALE = re.compile(r"(?:^|,)\s*(1[0-9]{2})\b")
"""The codes of warnings that tell of old copies; each stands first; what is quoted behind may hold any number."""
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
NEXT = re.compile(r"""\brel\s*=\s*["']?[^"';,]*\bnext\b""", re.IGNORECASE)
TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class NotJson(ValueError):
    """The reply is no JSON at all: a page, nothing, or something that was cut off."""


class MalformedJson(ValueError):
    """The reply is JSON that strict JSON forbids: a key twice, NaN, nesting without end, no known encoding."""


@dataclass(frozen=True)
class Reply:
    """A whole reply that came from the remote itself."""

    status: int
    headers: httpx.Headers
    content: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """The media type without its parameters, in small letters; empty where the reply names none."""
        return str(self.headers.get("content-type", "")).split(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        """Whether the reply is JSON: by its type, or by its first character where the type says something else."""
        if self.kind in ("application/json", "text/json") or self.kind.endswith("+json"):
            return True
        return self.content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")

    @property
    def not_whole(self) -> Sentence | None:
        """Why the reply is an old one or a part of one, by its own headers; None where they say no such thing."""
        age = str(self.headers.get("age", "0"))  # of two headers, with a comma between them
        try:
            is_fresh = all(whole(told) <= OLDEST for told in age.split(","))
        except ValueError:
            is_fresh = False
        if not is_fresh:
            return Sentence("copy_of_age", "the answer is a copy of age {age}", age=age[:20])
        if told := STALE.search(QUOTED.sub("", str(self.headers.get("warning", "")))):
            return Sentence(
                "copy_perhaps_old", "the answer is a copy that may be old: warning {warning}", warning=told[1]
            )
        if "content-range" in self.headers or NEXT.search(str(self.headers.get("link", ""))):
            return Sentence("answer_is_part", "the answer is a part, by its headers")
        return None

    @cached_property
    def text(self) -> str:
        """The body in the encoding that the reply names, else in UTF-8, else in GB 18030. Raises MalformedJson."""
        for encoding in self._encodings:
            try:
                return plain_text(self.content.decode(encoding).removeprefix("\ufeff"))
            except (UnicodeError, LookupError):
                continue
        raise MalformedJson(Sentence("no_encoding", "it is in no encoding that is known here"))

    @property
    def readings(self) -> Iterator[str]:
        """The body in each encoding in which it may be; what is no character there stands as one that was lost."""
        for encoding in self._encodings:
            try:
                yield plain_text(self.content.decode(encoding, errors="replace").removeprefix("\ufeff"))
            except (UnicodeError, LookupError):  # an encoding that the reply names and nobody knows
                continue

    @property
    def _encodings(self) -> tuple[str, ...]:
        named = Message()
        named["content-type"] = str(self.headers.get("content-type", ""))
        return tuple(dict.fromkeys((str(named.get_param("charset") or CHINESE[0]), *CHINESE)))

    def json(self) -> Any:
        """The document of the reply, by strict JSON. Raises NotJson or MalformedJson."""
        if not self.is_json:
            kind = self.kind or Sentence("no_kind", "nothing")
            raise NotJson(
                Sentence("not_json", "{kind} with status {status} where JSON was due", kind=kind, status=self.status)
            )
        return strict_json(self.text)

    @property
    def words(self) -> str:
        """What a reply that says no says, as it is told: in one line, numbers of people without their middle."""
        try:
            found = words_of(self.json())
        except NotJson:
            if shown := as_told(self._shown):
                return Sentence("status_and_words", "status {status}: {words}", status=self.status, words=shown)
            found = ""
        except MalformedJson as error:
            return Sentence("status_and_flaw", "status {status}, {why}", status=self.status, why=error.args[0])
        return found or Sentence("answered_status", "status {status}", status=self.status)

    @property
    def _shown(self) -> str:
        """The text of a page; empty where it is in no encoding that is known."""
        try:
            return text_of_page(self.text)
        except MalformedJson:
            return ""

    @property
    def error_code(self) -> str:
        """The code of an error in the shape that was agreed on; empty where the reply holds none."""
        try:
            said = self.json()
        except (NotJson, MalformedJson):
            return ""
        error = said.get("error") if isinstance(said, Mapping) else None
        code = error.get("code") if isinstance(error, Mapping) else None
        return code if isinstance(code, str) else ""

    @property
    def file_name(self) -> str:
        """The name of an attachment: filename* before filename; bytes are taken as UTF-8 and else as GBK."""
        for name, value in self.headers.raw:
            if name.lower() == b"content-disposition":
                return plain_text(_file_name(value))
        return ""


def strict_json(text: str) -> Any:
    """The document that this is. Raises NotJson or MalformedJson."""
    try:
        # what a remote escapes may be no text that can be kept: a half emoji, NUL
        return plain(json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_twins))
    except json.JSONDecodeError as error:
        raise NotJson(Sentence("broken_json", "broken JSON: {why}", why=str(error))) from error
    except RecursionError:
        raise MalformedJson(Sentence("nested_too_deeply", "it is nested too deeply")) from None
    except MalformedJson:
        raise
    except ValueError as error:  # a number of more digits than Python reads
        raise MalformedJson(Sentence("number_without_end", "a number in it has too many digits")) from error


def text_of_page(html: str) -> str:
    """In one line, without the tags."""
    return " ".join(unescape(TAGS.sub(" ", html)).split())


def words_of(said: Any) -> str:
    """What a JSON document that says no is told by: its error or code, its messages; empty where it has none."""
    if not isinstance(said, Mapping):
        return ""
    inner = said.get("error")
    holder = inner if isinstance(inner, Mapping) else said
    named = inner if isinstance(inner, str) and inner.strip() else _first(holder, CODES, str | int)
    told = dict.fromkeys(" ".join(one.split()) for one in (named, _first(holder, WORDS, str), _first(said, WORDS, str)))
    return as_told(": ".join(filter(None, told)))


def _first(holder: Mapping[str, Any], keys: Iterable[str], kind: type | UnionType) -> str:
    """The first of these parts that is of this kind and not blank, as text; empty where none is."""
    found = (str(holder[key]) for key in keys if isinstance(holder.get(key), kind))
    return next((one for one in found if one.strip()), "")


def as_told(words: str) -> str:
    """A remote may repeat what it was sent: numbers of people lose their middle, and words without end are cut."""
    return without_numbers(words)[:LONGEST_WORDS]


def says_no(said: Any) -> bool:
    """Whether a JSON document of another shape says by its own word that the call failed."""
    if not isinstance(said, Mapping):
        return False
    if said.get("error") or any(word in said and is_no(said[word]) for word in ("success", "ok")):
        return True
    for key in CODES:
        code = said.get(key)
        if isinstance(code, bool) or not isinstance(code, str | int) or key == "status":
            continue
        return not _is_well(code)
    return False


def fails(said: Any, *, inner: bool = False) -> bool:
    """Whether a JSON document says anywhere that the call failed or that it is old or a part, whatever else it says.

    inner: a part of a reply, whose status is that of a thing and not of the call.
    """
    if says_no(said) or not isinstance(said, Mapping):
        return says_no(said)
    if any(said.get(word) for word in AGAINST):
        return True
    codes = [said[key] for key in (*CODES, *OTHER_CODES) if key in said and key != "status"]
    if any(isinstance(code, str | int) and not isinstance(code, bool) and not _is_well(code) for code in codes):
        return True
    told = () if inner else [said[key] for key in ("status", "result", "state") if key in said]
    return any(
        str(word).strip().lower() in FAILED or (isinstance(word, int) and word >= FIRST_FAILURE) for word in told
    )


def _is_well(code: str | int) -> bool:
    return str(code).strip().lower() in ("0", "00", "0000", "200", "ok", "success", "")


def is_no(value: object) -> bool:
    """Whether a value that should say yes or no says no."""
    return value in (False, None) or str(value).strip().lower() in (
        "0",
        "0.0",
        "false",
        "no",
        "n",
        "fail",
        "failed",
        "",
    )


def _file_name(value: bytes) -> str:
    extended = re.search(rb"filename\*\s*=\s*\"?([\w!#$%&+^`{}~.-]+)'[^']*'([^\";]*)", value, re.IGNORECASE)
    if extended:
        try:
            return unquote_to_bytes(extended[2].strip()).decode(extended[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass  # the plain name, if there is one, still tells
    plain = re.search(rb"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))", value, re.IGNORECASE)
    if not plain:
        return ""
    raw = plain[1] if plain[1] is not None else plain[2].strip()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gbk", errors="replace")


def _no_constant(name: str) -> NoReturn:
    raise MalformedJson(Sentence("no_json_constant", "{name} is not JSON", name=name))


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson(Sentence("key_twice", "a key stands twice"))
    return found
