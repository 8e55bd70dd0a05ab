"""What became of a case's notices: one that was sent again counts as the one before, and as its newest try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.engine.receipts import UNDELIVERED
from workflow.record.values import Message
from workflow.store.values import SentMessage

UNSENT = "notice_unsent"
"""The kind of the incident about notices that will not go out, or do not for now."""
UNSURE = "notice_unsure"
"""The kind of the incident about notices of which nobody knows whether they went out."""
AGAIN = "/again"
"""Stands behind the occasion of a notice that was sent again, with how often: filed_notice/again1."""


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
        """The kind of incident about it where it reached nobody for certain."""
        if self.last.status == "failed":
            return UNSENT
        return UNDELIVERED if self.last.status == "sent" and self.last.receipt == "undelivered" else None

    @property
    def trouble(self) -> str | None:
        """The kind of incident about it, whether it is lost for certain or nobody knows."""
        return self.lost or (UNSURE if self.last.status == "unknown" else None)

    @property
    def is_kept(self) -> bool:
        """It could not be sent, and is tried on."""
        return self.last.status == "queued" and self.last.why is not None

    @property
    def is_doubtful(self) -> bool:
        """Nobody can say whether it arrived."""
        return self.last.status == "unknown" or (self.last.status == "sent" and self.last.receipt == "none")

    @property
    def stands(self) -> str:
        """What became of it, in a word: lost, doubtful, arrived, or on its way."""
        if self.lost:
            return "lost"
        if self.is_doubtful:
            return "doubtful"
        return "arrived" if self.last.receipt == "delivered" else "on its way"

    def again(self, address: str) -> Message:
        """The same text once more, under an occasion of its own."""
        times = max(_times(one) for one in self.messages) + 1
        text, channel = self.last.text, self.last.channel
        return Message(f"{self.occasion}{AGAIN}{times}", self.recipient, address, text, channel)


def notices(messages: Sequence[SentMessage]) -> list[Notice]:
    """By occasion and recipient, whatever the round, in the order of the first."""
    found: dict[tuple[str, str], list[SentMessage]] = {}
    for one in messages:
        found.setdefault((one.occasion.partition(AGAIN)[0], one.recipient), []).append(one)
    return [
        Notice(*named, tuple(sorted(each, key=lambda one: (one.round, _times(one))))) for named, each in found.items()
    ]


def _times(message: SentMessage) -> int:
    """How often it had been sent before."""
    times = message.occasion.partition(AGAIN)[2]
    return int(times) if times.isdigit() else 0
