"""`caseward case hold`, `resume`, `note`, `auto`, `retry` and `settle`: what people order, on the record."""

from __future__ import annotations

import json as parsing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.text.visible import shown
from caseward.console.wording.reasons import headline
from caseward.console.wording.texts import Texts
from workflow.engine.commands import Commands
from workflow.engine.reasons import reason_given
from workflow.errors import NotStated
from workflow.flow.explain import Explanation
from workflow.flow.surroundings import HINDRANCES
from workflow.store import CaseRow

SWITCH = {"on": True, "off": False}
Give = Callable[[Commands, CaseRow], Awaitable[object]]


def hold(texts: Texts, number: str, *, reason: str, version: int | None, json: bool) -> int:
    said = reason_given(reason)
    return _ordered(texts, number, lambda people, row: people.hold(row.claim.case, said, version), "order.hold", json)


def resume(texts: Texts, number: str, *, reason: str | None, version: int | None, json: bool) -> int:
    def give(people: Commands, row: CaseRow) -> Awaitable[object]:
        return people.resume(row.claim.case, reason, version)

    return _ordered(texts, number, give, "order.resume", json)


def note(texts: Texts, number: str, text: str, *, json: bool) -> int:
    return _ordered(texts, number, lambda people, row: people.note(row.claim.case, text), "order.note", json)


def auto(texts: Texts, number: str, switch: str, *, reason: str | None, version: int | None, json: bool) -> int:
    if switch not in SWITCH:
        raise not_one_of(texts, "switch", switch, SWITCH)

    async def work(view: View) -> int:
        before = (await view.row(number)).claim
        after = await view.record.commands(person()).set_auto(before.case, SWITCH[switch], reason, version)
        said = f"order.auto.{switch}" if after.auto is not before.auto else f"order.auto.{switch}.already"
        return await stands(view, before.case, said, json)

    return viewing(texts, work)


def retry(texts: Texts, number: str, *, reason: str, version: int | None, json: bool) -> int:
    said = reason_given(reason)
    return _ordered(texts, number, lambda people, row: people.retry(row.claim.case, said, version), "order.retry", json)


def settle(
    texts: Texts,
    number: str,
    name: str,
    *,
    happened: bool | None,
    result: str | None,
    reason: str,
    version: int | None,
    json: bool,
) -> int:
    """A person found out what became of an effect."""
    said, learned = reason_given(reason), _object(texts, result)
    if happened is None:
        what = "--happened | --not-happened"
        raise Stopped(Complaint("usage", texts("usage.missing", what=what), texts("cure.option", option=what), USAGE))

    def give(people: Commands, row: CaseRow) -> Awaitable[object]:
        return people.settle(row.claim.case, name, happened=happened, reason=said, result=learned, version=version)

    return _ordered(texts, number, give, "order.settle.happened" if happened else "order.settle.not", json)


async def stands(view: View, case: str, said: str, json: bool, given: str = "", beside: Iterable[str] = ()) -> int:
    """Say what was done, and why the case is where it is now. given: a give, for which its system may have words.

    beside: what else is said of it.
    """
    [told] = await view.told([await view.record.store.case(case, real=view.real)])
    if json:
        say(as_json(view.shape(told)))
        return 0
    claim = told.claim
    state = view.of(claim.flow).reader.labels("state", claim.state)
    own = view.of(claim.flow).reader.labels("given", given)
    parts = {"number": claim.number, "state": state, "version": claim.seq}
    say(view.texts(said, **parts) if own == given else own.format(**parts))
    say(*view.screen.wrapped(_now(view, told.why, await view.record.clock.business()), 2))
    for line in beside:
        say(*view.screen.wrapped(line, 2))
    say("", view.texts("more.why", number=claim.number))
    return 0


def _now(view: View, why: Explanation, now: datetime) -> str:
    """Why the case is where it is; where a look is due, that this is what the look before found."""
    said = headline(why, view.reader)
    is_of_the_look = why.reason != "not_looked_at" and why.reason not in HINDRANCES
    if not is_of_the_look or why.looked_at is None or why.next_look is None or why.next_look > now:
        return said
    return view.texts("order.look_due", at=view.moments.zoned(why.looked_at), why=said)


def _ordered(texts: Texts, number: str, give: Give, said: str | Callable[[CaseRow], str], json: bool) -> int:
    """said: what it is called in the catalogue, or what tells that of the case as it was."""

    async def work(view: View) -> int:
        row = await view.row(number)
        try:
            await give(view.record.commands(person()), row)
        except NotStated as error:
            raise not_stated(view, row, error) from error
        return await stands(view, row.claim.case, said if isinstance(said, str) else said(row), json)

    return viewing(texts, work)


def not_stated(view: View, row: CaseRow, error: NotStated) -> Stopped:
    """In the flow's own words for what it does."""
    action = view.of(row.claim.flow).reader.labels("action", error.action)
    cause = view.texts("error.in_doubt", number=row.claim.number, action=action)
    return Stopped(Complaint("outcome_unknown", cause, view.texts("cure.in_doubt", name=error.name), REFUSED))


def _object(texts: Texts, result: str | None) -> Mapping[str, object] | None:
    if result is None:
        return None
    try:
        found = parsing.loads(result, parse_constant=_no_constant)
        # a text with half a surrogate pair can be read, but not stored
        parsing.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        cause = texts("usage.wrong_value", what="--result", why=shown(result))
        raise Stopped(Complaint("usage", cause, texts("cure.result"), USAGE))
    return found


def _no_constant(name: str) -> object:
    raise ValueError(name)
