"""Sends what the outbox holds: each message is a blind effect of its own, and no case waits for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from workflow.backoff import FAILURES, RECEIPT_AFTER, backoff
from workflow.claims import Claim, Commit, Entry, Trouble
from workflow.clock import Clock
from workflow.errors import Closed, Drifted, LoginNeeded, NotSent, Refused, RemoteError
from workflow.mistakes import Mistake, mistake_of, report, words
from workflow.progress import cause_of
from workflow.sending import Sending, watching
from workflow.store.values import DueMessage, SentMessage

log = structlog.get_logger()

UNSENT = "notice_unsent"
"""The kind of the incident about notices that will not go out."""
UNSURE = "notice_unsure"
"""The kind of the incident about notices of which nobody knows whether they went out."""
FORSAKEN = "its sender did not come back"
Send = Callable[[DueMessage], Awaitable[object]]
"""Sends it; a text that comes back is the gateway's number for it, by which its receipt is asked for."""


class OutboxStore(Protocol):
    """What sending needs of the store; see workflow/store."""

    async def forsaken_messages(self, *, real: datetime) -> list[SentMessage]: ...
    async def due_messages(
        self, limit: int, *, owner: str, now: datetime, real: datetime, lease: timedelta
    ) -> list[DueMessage]: ...
    async def message_sent(
        self, id_: str, *, now: datetime, number: str | None = None, receipt_at: datetime | None = None
    ) -> None: ...
    async def message_unknown(self, id_: str, why: str, *, now: datetime) -> None: ...
    async def message_failed(self, id_: str, why: str, *, now: datetime, again_at: datetime | None = None) -> None: ...
    async def command(
        self, case: str, version: int | None, build: Callable[[Claim], Commit], *, now: datetime, real: datetime
    ) -> Claim: ...


async def deliver(
    store: OutboxStore,
    clock: Clock,
    senders: Mapping[str, Send],
    *,
    owner: str,
    lease: timedelta,
    limit: int = 50,
) -> Counter[str]:
    """Send what is due, each by its channel. What may have left is not sent again; what did not is tried later.

    They are taken one by one: what becomes of one, its sender's death included, touches no other.
    """
    came: Counter[str] = Counter()
    for lost in await store.forsaken_messages(real=await clock.real()):
        now, real = await clock.business(), await clock.real()
        await _tell(store, lost, UNSURE, FORSAKEN, FORSAKEN, owner, now=now, real=real)
        await store.message_unknown(lost.id, FORSAKEN, now=now)
        came["unknown"] += 1
    for _ in range(limit):
        now, real = await clock.business(), await clock.real()
        taken = await store.due_messages(1, owner=owner, now=now, real=real, lease=lease)
        if not taken:
            break
        for message in taken:
            came[await _send(store, senders, message, owner, now=now, real=real)] += 1
            log.info("message.handled", occasion=message.occasion, attempt=message.attempt)
    return came


async def _send(
    store: OutboxStore, senders: Mapping[str, Send], message: DueMessage, owner: str, *, now: datetime, real: datetime
) -> str:
    """What became of it. A person is told before that is written: who dies in between leaves it to be told again."""
    sending = Sending()
    try:
        with watching(sending):
            if message.channel not in senders:
                raise Refused(message.channel, "send", "there is no sender for this channel")
            number = await senders[message.channel](message)
    except (NotSent, Refused, Closed, LoginNeeded, Drifted) as error:  # in each of these nothing was applied
        fate, why, cause = "refused" if isinstance(error, Refused) else "failed", str(error), str(error)
    except RemoteError as error:
        fate, why, cause = "unknown", str(error), cause_of(error)
    except Exception as error:  # noqa: BLE001 - one message that cannot be sent takes no other along
        mistake = mistake_of(error, "notice") or Mistake("notice", words(error), "")
        if message.attempt == 1:
            report(mistake, error, case=message.case, flow="", state=message.occasion)
        fate = "unknown" if sending.may_have_happened else "failed"
        why = f"{mistake.error} ({mistake.place})"
        cause = why
    else:
        known = number if isinstance(number, str) else None
        await store.message_sent(message.id, now=now, number=known, receipt_at=now + RECEIPT_AFTER)
        return "sent"
    if fate == "failed" and message.attempt < FAILURES:
        await store.message_failed(message.id, why, now=now, again_at=now + backoff(message.attempt))
        return fate
    await _tell(store, message, UNSURE if fate == "unknown" else UNSENT, why, cause, owner, now=now, real=real)
    if fate == "unknown":
        await store.message_unknown(message.id, why, now=now)
    else:
        await store.message_failed(message.id, why, now=now)
    return fate


async def _tell(
    store: OutboxStore,
    message: DueMessage | SentMessage,
    kind: str,
    why: str,
    cause: str,
    owner: str,
    *,
    now: datetime,
    real: datetime,
) -> None:
    """A notice that will not go out, or may not have, is a person's: the history says that it was told."""
    what = "was not sent" if kind == UNSENT else "may not have been sent"
    text = f"notice {message.occasion} to {message.recipient} {what}: {why}"
    seen = {"occasion": message.occasion, "recipient": message.recipient, "why": why}
    commit = Commit(
        guard="version",
        entries=(Entry("noted", {"text": text}, f"worker:{owner}"),),
        troubles=(Trouble(kind, f"{message.channel}:{message.occasion}:{cause}", seen, bars=False),),
    )
    await store.command(message.case, None, lambda _: commit, now=now, real=real)
