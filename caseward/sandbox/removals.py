"""What goes away again at the bureau: a filing is withdrawn, one or a draft leaves the lists, a password ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from caseward.sandbox.ledger import Entry
from caseward.sandbox.state import State


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


CHANGES: dict[str, Callable[[State, Entry], None]] = {
    "draft_removed": _draft_removed,
    "filing_removed": _filing_removed,
    "filing_withdrawn": _filing_withdrawn,
    "password_changed": _password_changed,
}
"""What each of these entries does to the state."""
