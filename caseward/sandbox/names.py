"""By which names a call can be singled out: every value it carries, and the objects behind them."""

from __future__ import annotations

from collections.abc import Iterator

from caseward.sandbox.call import Call
from caseward.sandbox.things import Draft
from caseward.sandbox.world import World


def names_of(world: World, call: Call) -> set[str]:
    values = {*call.path.values(), *call.query.values()}
    values.update(value for several in call.fields.values() for value in several)
    if isinstance(call.json, dict):
        values.update(value for value in call.json.values() if isinstance(value, str))
    session = world.state.sessions.get(call.cookies.get("token", ""))
    if session is not None:
        values.update((session.account, session.open_draft))
    for value in tuple(values):
        values.update(_behind(world, value))
    return {value for value in values if value}


def _behind(world: World, value: str) -> Iterator[str]:
    state = world.state
    if value in state.drafts:
        yield from _of_draft(state.drafts[value])
    if value in state.filings:
        for draft in state.rounds_of(state.filings[value]):
            yield from _of_draft(draft)
    if value in state.orders:
        yield from (state.orders[value].title, state.orders[value].version)
    if value in state.messages:
        yield from (state.messages[value].to, state.messages[value].reference)


def _of_draft(draft: Draft) -> Iterator[str]:
    yield from (draft.id, draft.account, draft.reference, draft.full_name, draft.filing)
