"""Sends what the outbox holds: each message is a blind effect of its own, and no case waits for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from workflow.backoff import FAILURES, backoff
from workflow.clock import Clock
from workflow.errors import NotSent, Refused, RemoteError
from workflow.mistakes import Mistake, mistake_of, report, words
from workflow.sending import Sending, watching
from workflow.store.values import DueMessage

log = structlog.get_logger()

Send = Callable[[DueMessage], Awaitable[object]]


class OutboxStore(Protocol):
    """What sending needs of the store; see workflow/store."""

    async def due_messages(
        self, limit: int, *, owner: str, now: datetime, real: datetime, lease: timedelta
    ) -> list[DueMessage]: ...
    async def message_sent(self, id_: str, *, now: datetime) -> None: ...
    async def message_unknown(self, id_: str, why: str, *, now: datetime) -> None: ...
    async def message_failed(self, id_: str, why: str, *, now: datetime, again_at: datetime | None = None) -> None: ...


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
    came: Counter[str] = Counter()
    for message in await store.due_messages(limit, owner=owner, now=now, real=real, lease=lease):
        sending = Sending()
        try:
            with watching(sending):
                if message.channel not in senders:
                    raise Refused(message.channel, "send", "there is no sender for this channel")
                await senders[message.channel](message)
        except NotSent as error:
            again = now + backoff(message.attempt) if message.attempt < FAILURES else None
            await store.message_failed(message.id, str(error), now=now, again_at=again)
            came["failed"] += 1
        except Refused as error:
            await store.message_failed(message.id, str(error), now=now)
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
                await store.message_failed(message.id, f"{mistake.error} ({mistake.place})", now=now, again_at=again)
                came["failed"] += 1
        else:
            await store.message_sent(message.id, now=now)
            came["sent"] += 1
        log.info("message.handled", occasion=message.occasion, attempt=message.attempt)
    return came
