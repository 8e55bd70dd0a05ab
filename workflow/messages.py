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
from workflow.sending import Sending, watching
from workflow.store.values import DueMessage

log = structlog.get_logger()

UNSENT = "notice_unsent"
"""The kind of the incident about notices that will not go out."""
Send = Callable[[DueMessage], Awaitable[object]]
"""Sends it; a text that comes back is the gateway's number for it, by which its receipt is asked for."""


class OutboxStore(Protocol):
    """What sending needs of the store; see workflow/store."""

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
    """Send what is due, each by its channel. What may have left is not sent again; what did not is tried later."""
    now, real = await clock.business(), await clock.real()
    lost: dict[str, list[tuple[DueMessage, str]]] = {}
    came: Counter[str] = Counter()
    for message in await store.due_messages(limit, owner=owner, now=now, real=real, lease=lease):
        sending = Sending()
        try:
            with watching(sending):
                if message.channel not in senders:
                    raise Refused(message.channel, "send", "there is no sender for this channel")
                number = await senders[message.channel](message)
        except (NotSent, Closed, LoginNeeded, Drifted) as error:
            # in each of these nothing was applied
            again = now + backoff(message.attempt) if message.attempt < FAILURES else None
            await store.message_failed(message.id, str(error), now=now, again_at=again)
            if again is None:
                lost.setdefault(message.case, []).append((message, str(error)))
            came["failed"] += 1
        except Refused as error:
            await store.message_failed(message.id, str(error), now=now)
            lost.setdefault(message.case, []).append((message, str(error)))
            came["refused"] += 1
        except RemoteError as error:
            await store.message_unknown(message.id, str(error), now=now)
            came["unknown"] += 1
        except Exception as error:  # noqa: BLE001 - one message that cannot be sent takes no other along
            mistake = mistake_of(error, "notice") or Mistake("notice", words(error), "")
            if message.attempt == 1:
                report(mistake, error, case=message.case, flow="", state=message.occasion)
            if sending.may_have_happened:
                await store.message_unknown(message.id, mistake.error, now=now)
                came["unknown"] += 1
            else:
                again = now + backoff(message.attempt) if message.attempt < FAILURES else None
                told = f"{mistake.error} ({mistake.place})"
                await store.message_failed(message.id, told, now=now, again_at=again)
                if again is None:
                    lost.setdefault(message.case, []).append((message, told))
                came["failed"] += 1
        else:
            receipt_at = now + RECEIPT_AFTER
            taken = number if isinstance(number, str) else None
            await store.message_sent(message.id, now=now, number=taken, receipt_at=receipt_at)
            came["sent"] += 1
        log.info("message.handled", occasion=message.occasion, attempt=message.attempt)
    for case, messages in lost.items():
        await _tell(store, case, messages, owner, now=now, real=real)
    return came


async def _tell(
    store: OutboxStore, case: str, messages: list[tuple[DueMessage, str]], owner: str, *, now: datetime, real: datetime
) -> None:
    """A notice that will not go out is a person's: the history says that it was told, and it was not."""
    entries = tuple(
        Entry("noted", {"text": f"notice {one.occasion} to {one.recipient} was not sent: {why}"}, f"worker:{owner}")
        for one, why in messages
    )
    first, why = messages[0]
    seen = {"occasion": first.occasion, "recipient": first.recipient, "why": why, "notices": len(messages)}
    trouble = Trouble(UNSENT, f"{first.channel}:{first.occasion}:{why}", seen, bars=False)
    await store.command(
        case, None, lambda _: Commit(guard="version", entries=entries, troubles=(trouble,)), now=now, real=real
    )
