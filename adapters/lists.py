"""A list in a JSON reply: which rows it holds, and when it may be read as empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.http import Http
from adapters.names import same_title, same_version
from adapters.personal import without_numbers
from adapters.replies import words_of
from workflow.errors import Drifted
from workflow.sentence import Sentence

WORDS = frozenset({"ok", "success", "succeeded", "成功", "操作成功", "查询成功"})
WELL = WORDS | {"", "0", "00", "0000", "200"}
"""Words and codes by which a reply says that all is well."""
YES = frozenset({"1", "true", "yes", "y", "ok", "success"})
Holds = Callable[[Any, list[Any]], bool]
"""Whether a part of a reply stands by the rows beside it."""


def _nothing(said: Any, _: list[Any]) -> bool:
    return said in (None, False, "", [], {})


def _well(said: Any, _: list[Any]) -> bool:
    if isinstance(said, str) or _whole(said):
        return str(said).strip().lower() in WELL
    return said is None or said is True


def _yes(said: Any, _: list[Any]) -> bool:
    return isinstance(said, bool | str | int) and str(said).strip().lower() in YES


def _as_many(said: Any, listed: list[Any]) -> bool:
    return _whole(said) and bool(said == len(listed))


def _room(said: Any, listed: list[Any]) -> bool:
    return _whole(said) and bool(said > len(listed))


def _only(said: Any, _: list[Any]) -> bool:
    return _whole(said) and said in (0, 1)


def _last(said: Any, _: list[Any]) -> bool:
    return said is True


def _whole(said: Any) -> bool:
    return isinstance(said, int) and not isinstance(said, bool)


def _told_apart(said: Any, _: list[Any]) -> bool:
    return isinstance(said, str | int)


LIMITS = ("limit", "size", "page_size", "pageSize", "per_page", "perPage")
PAGES = ("pages", "page_count", "pageCount", "total_pages", "totalPages")
LAST = ("isLastPage", "is_last_page", "last_page", "lastPage")
MORE = ("more", "has_more", "hasMore", "has_next", "hasNext", "hasNextPage", "truncated")
CODES = ("code", "errcode", "error_code", "errorCode", "errno", "retcode", "ret", "status", "result", "state")
BESIDE: Mapping[str, Holds] = {
    **dict.fromkeys(("total", "count", "total_count", "totalCount"), _as_many),
    **dict.fromkeys(LIMITS, _room),
    **dict.fromkeys(("page", "page_no", "pageNo", "pageNum", "current"), _only),
    **dict.fromkeys(PAGES, _only),
    **dict.fromkeys(LAST, _last),
    **dict.fromkeys(("next", "next_page", "nextPage", "next_cursor", "nextCursor", "cursor", "offset"), _nothing),
    **dict.fromkeys(MORE, _nothing),
    **dict.fromkeys(("partial", "stale", "degraded", "timed_out"), _nothing),
    **dict.fromkeys(("error", "errors", "err", "warning", "warnings"), _nothing),
    **dict.fromkeys((*CODES, "message", "msg"), _well),
    **dict.fromkeys(("success", "ok"), _yes),
    **dict.fromkeys(("request_id", "requestId", "trace_id", "traceId"), _told_apart),
}
"""The parts that are known beside a list, each with when it stands by the list. Nobody here knows what others say."""
ECHOES: Mapping[str, Callable[[str, str], bool]] = {"title": same_title, "version": same_version}
"""How a part of the question is compared with what was asked, where the reply repeats it."""


def rows(http: Http, step: str, said: Any, name: str, **asked: str) -> list[Any]:
    """The rows below `name`, each still unread. asked: the question, which the reply may repeat. Raises Drifted.

    An empty list is an answer only where the reply says `"total": 0` beside it: a list that was renamed, filtered by
    another rule or cut off is no proof that there is nothing. Where a total stands beside rows, it must be theirs. A
    reply that holds a part that is not known here, or a known one that does not stand by the list, is no list either:
    it may say that the search failed, that the list is a part or old, or that it is of something else. A part that is
    null says nothing, unless it is a yes that is due or an echo.
    """
    listed = said.get(name) if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(listed, list):
        raise Drifted(http.adapter, step, _no_list(name, words_of(said)))
    if wrong := _against(said, name, listed, asked):
        raise Drifted(http.adapter, step, _unsupported(wrong, words_of(said)))
    if said.get("total") is None and not listed:
        why = Sentence(
            "empty_list_unsaid",
            "the list {name} is empty, and the answer does not say that there are 0",
            name=repr(name),
        )
        raise Drifted(http.adapter, step, why)
    return listed


def _no_list(name: str, told: str) -> Sentence:
    """told: what the reply says in its own words, if anything."""
    if not told:
        return Sentence("no_list", "the answer has another shape: there is no list {name} in it", name=repr(name))
    return Sentence(
        "no_list_told",
        "the answer has another shape: there is no list {name} in it ({told})",
        name=repr(name),
        told=told,
    )


def _unsupported(wrong: Sentence, told: str) -> Sentence:
    if not told:
        return Sentence("list_unsupported", "the answer holds a list and does not stand by it: {wrong}", wrong=wrong)
    return Sentence(
        "list_unsupported_told",
        "the answer holds a list and does not stand by it: {wrong} ({told})",
        wrong=wrong,
        told=told,
    )


def _against(said: Mapping[Any, Any], name: str, listed: list[Any], asked: Mapping[str, str]) -> Sentence | None:
    """What of a reply speaks against its list, by name; None where nothing does."""
    for part, value in said.items():
        if part == name or (value is None and part not in (*asked, "success", "ok")):
            continue
        if part == "query" and isinstance(value, Mapping):
            if wrong := next((echo for echo, told in value.items() if not _echoes(echo, told, asked)), None):
                return Sentence("query_is_another", "its query.{part} is another", part=str(wrong))
        elif part in asked:
            if not _echoes(part, value, asked):
                return Sentence("part_is_another", "its {part} is another", part=part)
        elif part not in BESIDE:
            return Sentence("part_unknown", "nobody knows its {part}", part=repr(str(part)[:40]))
        elif not BESIDE[part](value, listed) and not _is_explained(part, value, said, listed):
            told = without_numbers(repr(value))[:60]
            return Sentence("part_is", "its {part} is {value}", part=part, value=told)
    return None


def _is_explained(part: str, value: Any, said: Mapping[Any, Any], listed: list[Any]) -> bool:
    """Whether the reply says elsewhere how a doubtful part is meant: as many rows as it may hold are all, 1 is well."""
    if part in LIMITS:
        ends = any(said.get(word) is False for word in MORE) or any(said.get(word) is True for word in LAST)
        are_all = bool(listed) and _as_many(value, listed) and said.get("total") == len(listed)
        return are_all and (ends or any(map(said.get, PAGES)))
    return part in CODES and str(value) == "1" and any(_in_words(said.get(word)) for word in ("message", "msg"))


def _in_words(said: Any) -> bool:
    return isinstance(said, str) and said.strip().lower() in WORDS


def _echoes(part: str, told: Any, asked: Mapping[str, str]) -> bool:
    return isinstance(told, str) and part in asked and ECHOES.get(part, str.__eq__)(told, asked[part])
