"""What became of a case's notices. A notice and its repetitions are one: the newest try counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.engine.receipts import UNDELIVERED
from workflow.record.values import Message
from workflow.store.values import SentMessage

UNSENT = "notice_unsent"
"""The kind of the incident about notices that could not be sent, for now or for good."""
UNSURE = "notice_unsure"
"""The kind of the incident about notices that may or may not have been sent."""
AGAIN = "/again"
"""Follows the occasion of a notice that was sent again, with its count: filed_notice/again1."""


@dataclass(frozen=True)
class Notice:
    """One occasion and recipient, with every message about it, oldest first."""

    occasion: str
    recipient: str
    messages: tuple[SentMessage, ...]

    @property
    def last(self) -> SentMessage:
        return self.messages[-1]

    @property
    def lost(self) -> str | None:
        """The kind of incident about the notice, where it certainly reached nobody; otherwise None."""
        if self.last.status == "failed":
            return UNSENT
        return UNDELIVERED if self.last.status == "sent" and self.last.receipt == "undelivered" else None

    @property
    def trouble(self) -> str | None:
        """The kind of incident about the notice, where it reached nobody or nobody knows; otherwise None."""
        return self.lost or (UNSURE if self.last.status == "unknown" else None)

    @property
    def is_kept(self) -> bool:
        """It could not be sent, and is tried again."""
        return self.last.status == "queued" and self.last.why is not None

    def is_held(self, now: datetime) -> bool:
        """It was never tried, and waits until then for people to release or drop it."""
        return self.last.status == "queued" and self.last.why is None and (self.last.due_at or now) > now

    @property
    def is_doubtful(self) -> bool:
        """Nobody can say whether it arrived."""
        return self.last.status == "unknown" or (self.last.status == "sent" and self.last.receipt == "none")

    @property
    def stands(self) -> str:
        """What became of it, in a word: lost, dropped, doubtful, arrived, or on its way."""
        if self.lost:
            return "lost"
        if self.last.status == "dropped":
            return "dropped"
        if self.is_doubtful:
            return "doubtful"
        return "arrived" if self.last.receipt == "delivered" else "on its way"

    def again(self, address: str) -> Message:
        """The same text to send once more, under an occasion of its own."""
        times = max(_times(one) for one in self.messages) + 1
        text, channel = self.last.text, self.last.channel
        return Message(f"{self.occasion}{AGAIN}{times}", self.recipient, address, text, channel)


def notices(messages: Sequence[SentMessage]) -> list[Notice]:
    """The notices of a case by occasion and recipient, over all rounds, in the order of their first message."""
    found: dict[tuple[str, str], list[SentMessage]] = {}
    for one in messages:
        found.setdefault((one.occasion.partition(AGAIN)[0], one.recipient), []).append(one)
    return [
        Notice(*named, tuple(sorted(each, key=lambda one: (one.round, _times(one))))) for named, each in found.items()
    ]


def _times(message: SentMessage) -> int:
    """How many times the notice was sent again."""
    times = message.occasion.partition(AGAIN)[2]
    return int(times) if times.isdigit() else 0
