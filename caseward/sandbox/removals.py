"""What turns out otherwise: a filing, a draft or an order ends, is withdrawn or gone, a password is another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from caseward.sandbox.ledger import Entry
from caseward.sandbox.state import State
from caseward.sandbox.things import ORDER_AGAIN


def _draft_removed(state: State, entry: Entry) -> None:
    """A correction can be opened anew after its draft is gone."""
    draft = state.drafts[entry["draft"]]
    draft.removed = True
    if draft.filing:
        state.filings[draft.filing].drafts.remove(draft.id)


def _filing_removed(state: State, entry: Entry) -> None:
    state.filings[entry["filing"]].removed = True


def _filing_withdrawn(state: State, entry: Entry) -> None:
    state.filings[entry["filing"]].withdrawn_at = datetime.fromisoformat(entry["at"])


def _password_changed(state: State, entry: Entry) -> None:
    """Somebody set another one at the site: the old one is refused, and whoever was in is out."""
    account = state.accounts[entry["account"]]
    account.password = entry["password"]
    if (session := state.sessions.get(account.token)) is not None:
        session.ended = "elsewhere"


def minutes(state: State, title: str) -> float:
    """How long the documents of a title take."""
    generation = state.scenario.generation
    found: float = generation.get("titles", {}).get(title, generation.get("default_minutes", 30))
    return found


def _order_turned(state: State, entry: Entry) -> None:
    order = state.orders[entry["order"]]
    order.turned = entry["turn"]
    if order.turned == ORDER_AGAIN:
        order.finished_at = datetime.fromisoformat(entry["at"]) + timedelta(minutes=minutes(state, order.title))


CHANGES: dict[str, Callable[[State, Entry], None]] = {
    "draft_removed": _draft_removed,
    "filing_removed": _filing_removed,
    "filing_withdrawn": _filing_withdrawn,
    "password_changed": _password_changed,
    "order_turned": _order_turned,
}
"""What each of these entries does to the state."""
