"""What an HTTP remote answered: whether it is JSON, in which encoding, and the words in which it says no."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from html import unescape
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
UNDER_WAY = re.compile(
    r"in[ _-]?progress|(?:being|is|are|still)[ _-]process|^processing|\bprocessing$|pending|duplicate|already"
    r"|处理中|正在处理|进行中|支付中|受理中|已受理|重复|已支付|已存在",
    re.IGNORECASE | re.MULTILINE,
)
"""Words of a remote that says no because the same was asked for before: it may be done, or be done yet."""
OLDEST = 60
"""So many seconds old may a copy be that somebody on the way kept."""
STALE = re.compile(r"(?:^|,)\s*(1[0-9]{2})\b")
"""The codes of warnings that tell of old copies; each stands first; what is quoted behind may hold any number."""
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
NEXT = re.compile(r"""\brel\s*=\s*["']?[^"';,]*\bnext\b""", re.IGNORECASE)
ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")
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
        named = Message()
        named["content-type"] = str(self.headers.get("content-type", ""))
        for encoding in dict.fromkeys((str(named.get_param("charset") or CHINESE[0]), *CHINESE)):
            try:
                return plain_text(self.content.decode(encoding).removeprefix("\ufeff"))
            except (UnicodeError, LookupError):
                continue
        raise MalformedJson(Sentence("no_encoding", "it is in no encoding that is known here"))

    def json(self) -> Any:
        """The document of the reply, by strict JSON. Raises NotJson or MalformedJson."""
        if not self.is_json:
            kind = self.kind or Sentence("no_kind", "nothing")
            raise NotJson(
                Sentence("not_json", "{kind} with status {status} where JSON was due", kind=kind, status=self.status)
            )
        try:
            # what a remote escapes may be no text that can be kept: a half emoji, NUL
            return plain(json.loads(self.text, parse_constant=_no_constant, object_pairs_hook=_no_twins))
        except json.JSONDecodeError as error:
            raise NotJson(Sentence("broken_json", "broken JSON: {why}", why=str(error))) from error
        except RecursionError:
            raise MalformedJson(Sentence("nested_too_deeply", "it is nested too deeply")) from None
        except MalformedJson:
            raise
        except ValueError as error:  # a number of more digits than Python reads
            raise MalformedJson(Sentence("number_without_end", "a number in it has too many digits")) from error

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
        """The text of a page, in one line; empty where it is in no encoding that is known."""
        try:
            return " ".join(unescape(TAGS.sub(" ", self.text)).split())
        except MalformedJson:
            return ""

    @property
    def tells_of_begun(self) -> bool:
        """Whether a no tells, in any of its words, of the same thing begun before: see `under_way`."""
        try:
            return under_way(self.json())
        except NotJson:
            pass
        except MalformedJson:
            pass
        raw = self.content.decode("utf-8", errors="replace") if self.is_json else self._shown
        return under_way(ESCAPED.sub(lambda found: found[0].encode().decode("unicode_escape"), raw))

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


def words_of(said: Any) -> str:
    """What a JSON document that says no is told by: its error or code, its messages; empty where it has none."""
    if not isinstance(said, Mapping):
        return ""
    inner = said.get("error")
    holder = inner if isinstance(inner, Mapping) else said
    codes = [holder[key] for key in CODES if isinstance(holder.get(key), str | int)]
    named = inner if isinstance(inner, str) and inner else next(iter(codes), "")
    texts = [next((one[key] for key in WORDS if isinstance(one.get(key), str)), "") for one in (holder, said)]
    told = dict.fromkeys(" ".join(str(one).split()) for one in (named, *texts))
    return as_told(": ".join(filter(None, told)))


def as_told(words: str) -> str:
    """A remote may repeat what it was sent: numbers of people lose their middle, and words without end are cut."""
    return without_numbers(words)[:LONGEST_WORDS]


def under_way(said: Any) -> bool:
    """Whether a no tells anywhere of the same thing begun before: of what was asked, nothing is settled then.

    said: a JSON document, or the text of a page. All its texts are judged, whole, and the names of what is true in it:
    what is told of a reply is a part, and may lack the very word.
    """
    return UNDER_WAY.search("\n".join(_texts(said))) is not None


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield " ".join(said.split())
    elif isinstance(said, list):
        for part in said:
            yield from _texts(part)
    elif isinstance(said, Mapping):
        for name, part in said.items():
            yield from _texts(name if part is True else part)


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
