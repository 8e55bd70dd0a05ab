"""What goes away again at the bureau: a filing is withdrawn, a filing or a draft is gone from the lists."""

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


CHANGES: dict[str, Callable[[State, Entry], None]] = {
    "draft_removed": _draft_removed,
    "filing_removed": _filing_removed,
    "filing_withdrawn": _filing_withdrawn,
}
"""What each of these entries does to the state."""
