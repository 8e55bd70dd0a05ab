"""`caseward case list`: where the cases are, found by what they wait for and by what people know of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

from pydantic import ValidationError

from caseward.console.terminal.answers import Json, not_one_of
from caseward.console.terminal.spans import not_a_value, span_of
from caseward.console.terminal.view import Told, View, viewing
from caseward.console.text.initials import has_initials, may_be_initials
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.reasons import in_brief
from caseward.console.wording.texts import Texts
from workflow.store import CaseRow, Filters

NUMBER = re.compile(r"[A-Z]+-\d+")
PAGE = 200
"""This many cases are read at once."""
WITHIN = re.compile(r"[\s\-_·《》]+")


@dataclass(frozen=True)
class Wanted:
    """Which cases are meant; None: any. who: who can move it on. account: a login. older: in its state for so long."""

    state: str | None = None
    flow: str | None = None
    who: str | None = None
    account: str | None = None
    find: str | None = None
    older: str | None = None


def list_cases(texts: Texts, wanted: Wanted, *, limit: int, cursor: str | None, json: Json | None) -> int:
    older = span_of(texts, "--older-than", wanted.older) if wanted.older is not None else None

    async def work(view: View) -> int:
        _known(view, wanted)
        if cursor is not None and not NUMBER.fullmatch(cursor):
            raise not_a_value(texts, "--cursor", cursor, "cure.cursor")
        told = list[Told]()
        async for one in _found(view, wanted, older, cursor, limit + 1):
            told.append(one)
            if len(told) > limit:
                break
        further = told[limit - 1].claim.number if len(told) > limit else None
        told = told[:limit]
        if json:
            say(json.many([view.shape(one) for one in told], further))
            return 0
        if not told:
            complain(texts("list.none" if cursor is None else "list.no_more"))
            return 0
        columns = [
            Column(texts("column.number")),
            Column(texts("column.title"), 16),
            Column(texts("column.state")),
            Column(texts("column.waits_for"), 16),
            Column(texts("column.since"), right=True),
            Column(texts("column.auto")),
        ]
        say(*view.screen.table(columns, [_cells(view, one) for one in told]))
        if further:
            complain(texts("list.more", cursor=further))
        return 0

    return viewing(texts, work)


async def _found(
    view: View, wanted: Wanted, older: timedelta | None, cursor: str | None, most: int
) -> AsyncIterator[Told]:
    """The cases that are meant, by number, read page by page."""
    ids = [one.id for one in await view.record.store.accounts() if one.login == wanted.account]
    if wanted.account is not None and not ids:
        raise not_one_of(
            view.texts, "account", wanted.account, [one.login for one in await view.record.store.accounts()]
        )
    meant, until = finder(view, wanted.find), view.moments.now - older if older is not None else None
    page = most if wanted.find is None and wanted.who is None and older is None and len(ids) < 2 else PAGE
    filters = Filters(flow=wanted.flow, state=wanted.state, account=ids[0] if len(ids) == 1 else None)
    after = cursor
    while rows := await view.record.store.cases(filters, after=after, limit=page):
        after = rows[-1].claim.number
        rows = [
            row
            for row in rows
            if (until is None or row.claim.entered_at <= until)
            and (len(ids) < 2 or set(ids) & {*row.claim.all_accounts})
            and meant(row)
        ]
        for one in await view.told(rows) if rows else ():
            if wanted.who is None or one.why.who == wanted.who:
                yield one


def finder(view: View, typed: str | None) -> Callable[[CaseRow], bool]:
    """Whether a case is meant by a part of its number, title or subject, or of a word that its system names.

    Letters may be the first ones of Chinese characters. Blanks, hyphens and width do not count.
    """
    if typed is None:
        return lambda row: True
    sought = _plain(typed)
    by_initials = may_be_initials(sought)

    def is_meant(row: CaseRow) -> bool:
        words = [row.claim.number, row.subject or "", *_words(view, row)]
        return any(sought in (word := _plain(one)) or (by_initials and has_initials(word, sought)) for one in words)

    return is_meant


def _words(view: View, row: CaseRow) -> list[str]:
    plan, own = view.record.plans.get(row.claim.flow), view.record.systems.of(row.claim.flow)
    finds = own.system.finds.get(row.claim.flow) if own is not None else None
    if plan is None or finds is None:
        return []
    try:
        return list(finds(plan.flow.data.model_validate(row.claim.data)))
    except ValidationError:  # its number and subject still find it
        return []


def _plain(text: str) -> str:
    return WITHIN.sub("", unicodedata.normalize("NFKC", text).casefold())


def _known(view: View, wanted: Wanted) -> None:
    """Refuse a name that does not exist: it is mistyped, and would look like an empty list."""
    plans, systems = view.record.plans, view.record.systems
    who = sorted(systems.people | systems.outside | {"system", "nobody"} | {one.name for one in systems.remotes.all()})
    for kind, name, known in (
        ("flow", wanted.flow, list(plans)),
        ("state", wanted.state, [name for plan in plans.values() for name in plan.states]),
        ("who", wanted.who, who),
    ):
        if name is not None and name not in known:
            raise not_one_of(view.texts, kind, name, known)


def _cells(view: View, told: Told) -> list[str]:
    claim = told.claim
    return [
        claim.number,
        told.title,
        view.of(claim.flow).reader.labels("state", claim.state),
        in_brief(told.why, view.reader),
        view.moments.since(claim.entered_at),
        view.texts("value.on" if claim.auto else "value.off"),
    ]
