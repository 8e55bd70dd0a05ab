"""A list in a JSON reply: which rows it holds, and when it may be read as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.http import Http
from adapters.replies import says_no, words_of
from workflow.errors import Drifted

PARTS = ("partial", "next", "has_more", "hasMore", "truncated", "next_page", "nextPage")
"""Words by which a reply says that there is more than it holds."""


def rows(http: Http, step: str, said: Any, name: str) -> list[Any]:
    """The rows below `name`, each still unread. Raises Drifted.

    An empty list is an answer only where the reply says `"total": 0` beside it: a list that was renamed, filtered by
    another rule or cut off is no proof that there is nothing. Where a total stands beside rows, it must be theirs. A
    reply that says that it failed, or that it is a part, is no list either.
    """
    if says_no(said) or (isinstance(said, Mapping) and any(said.get(word) for word in PARTS)):
        told = words_of(said) or "it is a part of a list"
        raise Drifted(http.adapter, step, f"the answer holds a list and does not stand by it: {told}")
    listed = said.get(name) if isinstance(said, Mapping) else None
    if not isinstance(listed, list):
        raise Drifted(http.adapter, step, f"the answer has another shape: there is no list {name!r} in it")
    total = said.get("total")
    if total is None and listed:
        return listed
    if total is None:
        raise Drifted(http.adapter, step, f"the list {name!r} is empty, and the answer does not say that there are 0")
    if isinstance(total, bool) or not isinstance(total, int):
        raise Drifted(http.adapter, step, f"the total of {name!r} is no whole number")
    if total != len(listed):
        raise Drifted(http.adapter, step, f"the answer says that there are {total} {name}, and holds {len(listed)}")
    return listed
