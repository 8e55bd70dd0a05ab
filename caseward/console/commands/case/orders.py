"""`caseward case hold`, `resume`, `note`, `auto`, `retry`, `settle` and `force`: what people order, on the record."""

from __future__ import annotations

import json as parsing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.typed import LEAST_REASON, hold_to, reason_of
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.text.visible import shown
from caseward.console.wording.reasons import headline
from caseward.console.wording.shapes import in_doubt
from caseward.console.wording.texts import Texts
from workflow.engine.commands import Commands
from workflow.errors import Conflict, NotAllowed, NotFound
from workflow.flow.explain import Explanation
from workflow.flow.surroundings import HINDRANCES
from workflow.record.values import OPEN, Effect
from workflow.sentence import Sentence
from workflow.store import CaseRow

SWITCH = {"on": True, "off": False}
Give = Callable[[Commands, CaseRow], Awaitable[object]]


def hold(texts: Texts, number: str, *, reason: str, version: int | None, json: bool) -> int:
    said = reason_of(texts, reason)
    return _ordered(texts, number, lambda people, row: people.hold(row.claim.case, said, version), "order.hold", json)


def resume(texts: Texts, number: str, *, reason: str | None, version: int | None, json: bool) -> int:
    def give(people: Commands, row: CaseRow) -> Awaitable[object]:
        hold_to(row, version)
        if not row.claim.held:
            raise NotAllowed(
                row.claim.number, Sentence("to_resume", "to resume"), Sentence("not_on_hold", "it is not on hold")
            )
        return people.resume(row.claim.case, reason, version)

    return _ordered(texts, number, give, "order.resume", json)


def note(texts: Texts, number: str, text: str, *, json: bool) -> int:
    said = text.strip()
    if not said:
        cause = texts("usage.missing", what="TEXT")
        raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward case note"), USAGE))
    return _ordered(texts, number, lambda people, row: people.note(row.claim.case, said), "order.note", json)


def auto(texts: Texts, number: str, switch: str, *, reason: str | None, version: int | None, json: bool) -> int:
    if switch not in SWITCH:
        raise not_one_of(texts, "switch", switch, SWITCH)

    async def work(view: View) -> int:
        row = await view.row(number)
        hold_to(row, version)
        if row.claim.auto is SWITCH[switch]:
            return await stands(view, row.claim.case, f"order.auto.{switch}.already", json)
        await view.record.commands(person()).set_auto(row.claim.case, SWITCH[switch], reason, version)
        return await stands(view, row.claim.case, f"order.auto.{switch}", json)

    return viewing(texts, work)


def retry(texts: Texts, number: str, *, reason: str, version: int | None, json: bool) -> int:
    said = reason_of(texts, reason)

    def give(people: Commands, row: CaseRow) -> Awaitable[object]:
        hold_to(row, version)
        return people.retry(row.claim.case, said)

    return _ordered(texts, number, give, "order.retry", json)


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
    said, learned = reason_of(texts, reason), _object(texts, result)
    if happened is None:
        what = "--happened | --not-happened"
        raise Stopped(Complaint("usage", texts("usage.missing", what=what), texts("cure.option", option=what), USAGE))

    def give(people: Commands, row: CaseRow) -> Awaitable[object]:
        hold_to(row, version)
        effect = _effect(texts, row.claim.effects, name)
        return people.settle(row.claim.case, effect.key, happened=happened, reason=said, result=learned)

    return _ordered(texts, number, give, "order.settle.happened" if happened else "order.settle.not", json)


def force(
    texts: Texts,
    number: str,
    state: str,
    *,
    reason: str,
    happened: Sequence[str],
    not_happened: Sequence[str],
    new_round: bool,
    version: int | None,
    json: bool,
) -> int:
    """Force a state. Refused while it is unknown whether something happened, unless the person states it."""
    said = reason_of(texts, reason, LEAST_REASON)

    async def work(view: View) -> int:
        row = await view.row(number)
        claim, people = row.claim, view.record.commands(person())
        states = list(view.plan(claim.flow).states)
        if state not in states:
            raise not_one_of(texts, "state", state, states)
        hold_to(row, version)
        if claim.owner:
            # said before anything is settled: whoever is at work may be finding it out
            until = view.moments.zoned(claim.lease_until)
            raise Conflict(
                claim.number,
                Sentence("at_work_on_until", "{owner} is at work on it until {until}", owner=claim.owner, until=until),
            )
        stated = [(_effect(texts, in_doubt(claim), name), True) for name in happened]
        stated += [(_effect(texts, in_doubt(claim), name), False) for name in not_happened]
        _all_stated(view, row, [effect.key for effect, _ in stated])
        seq = claim.seq
        for effect, did in stated:
            seq = (await people.settle(claim.case, effect.key, happened=did, reason=said)).seq
        await people.force(claim.case, state, said, new_round=new_round, version=seq)
        return await stands(view, claim.case, "order.force", json)

    return viewing(texts, work)


async def stands(view: View, case: str, said: str, json: bool) -> int:
    """Say what was done, and why the case is where it is now."""
    [told] = await view.told([await view.record.store.case(case, real=view.real)])
    if json:
        say(as_json(view.shape(told)))
        return 0
    claim = told.claim
    state = view.of(claim.flow).reader.labels("state", claim.state)
    say(view.texts(said, number=claim.number, state=state, version=claim.seq))
    say(*view.screen.wrapped(_now(view, told.why, await view.record.clock.business()), 2))
    say("", view.texts("more.why", number=claim.number))
    return 0


def _now(view: View, why: Explanation, now: datetime) -> str:
    """Why the case is where it is; where a look is due, that this is what the look before found."""
    said = headline(why, view.reader)
    is_of_the_look = why.reason != "not_looked_at" and why.reason not in HINDRANCES
    if not is_of_the_look or why.looked_at is None or why.next_look is None or why.next_look > now:
        return said
    return view.texts("order.look_due", at=view.moments.zoned(why.looked_at), why=said)


def _ordered(texts: Texts, number: str, give: Give, said: str, json: bool) -> int:
    async def work(view: View) -> int:
        row = await view.row(number)
        await give(view.record.commands(person()), row)
        return await stands(view, row.claim.case, said, json)

    return viewing(texts, work)


def _all_stated(view: View, row: CaseRow, stated: Sequence[str]) -> None:
    left = [effect for effect in in_doubt(row.claim) if effect.key not in stated]
    twice = len(stated) != len(set(stated))
    if twice:
        cause = view.texts("error.stated_twice")
        raise Stopped(Complaint("usage", cause, view.texts("cure.usage", command="caseward case force"), USAGE))
    if left:
        action = view.of(row.claim.flow).reader.labels("action", left[0].action)
        cause = view.texts("error.in_doubt", number=row.claim.number, action=action)
        cure = view.texts("cure.in_doubt", name=left[0].action if len(left) == 1 else left[0].key)
        raise Stopped(Complaint("outcome_unknown", cause, cure, REFUSED))


def _effect(texts: Texts, effects: Sequence[Effect], name: str) -> Effect:
    """The effect of this key, or of this action where it has only one. Raises NotFound, Stopped."""
    for effect in effects:
        if effect.key == name:
            return effect
    meant = [effect for effect in effects if effect.action == name]
    meant = [effect for effect in meant if effect.status in OPEN] or meant
    if len(meant) > 1:
        raise not_one_of(texts, "effect", name, [effect.key for effect in meant])
    if not meant:
        raise NotFound("effect", name)
    return meant[0]


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
