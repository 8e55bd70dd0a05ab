"""All there is in the outside world at one moment, as the ledger's entries left it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from caseward.sandbox.scenario import Scenario
from caseward.sandbox.things import Account, Captcha, Draft, Filing, Message, Order, Received, RecordedCode, Session

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass
class State:
    """Changed only by caseward.sandbox.changes, one ledger entry at a time."""

    seq: int = 0
    at: datetime = BEFORE_ALL
    scenario: Scenario = field(default_factory=lambda: Scenario(document={}))
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    captchas: dict[str, Captcha] = field(default_factory=dict)
    used_captchas: set[str] = field(default_factory=set)
    drafts: dict[str, Draft] = field(default_factory=dict)
    filings: dict[str, Filing] = field(default_factory=dict)
    centers: dict[str, datetime] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    recorded_codes: list[RecordedCode] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    inboxes: dict[str, list[Received]] = field(default_factory=dict)
    fault_documents: dict[str, dict[str, object]] = field(default_factory=dict)
    fault_seen: dict[str, int] = field(default_factory=dict)
    fault_fired: dict[str, int] = field(default_factory=dict)

    def drafts_of(self, account: str) -> Iterator[Draft]:
        return (draft for draft in reversed(self.drafts.values()) if draft.account == account)

    def rounds_of(self, filing: Filing) -> list[Draft]:
        return [self.drafts[draft] for draft in filing.drafts]
