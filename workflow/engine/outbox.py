"""Sends the notices in the outbox. Each is an effect of its own that has no proof, and no case waits for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from workflow.backoff import FAILURES, NOTICE_FOR, RECEIPT_AFTER, backoff
from workflow.clock import Clock
from workflow.engine.notice_records import NO_SENDER, Notified, broke_off, note
from workflow.engine.notices import UNSENT, UNSURE, notices
from workflow.engine.progress import cause_of
from workflow.errors import Closed, Drifted, LoginNeeded, NotSent, Refused, RemoteError
from workflow.flow.mistakes import Mistake, mistake_of, raised_by_itself, remote_said, report, words
from workflow.flow.sending import Sending, watching
from workflow.record.values import Commit, Entry, NewIncident
from workflow.sentence import Quote, Said, Sentence, told_beside
from workflow.store import Store
from workflow.store.values import DueMessage, SentMessage

log = structlog.get_logger()

NOT_BEGUN = Sentence("not_begun", "it was not begun")
FORSAKEN = Sentence("sender_gone", "its sender did not come back")
Send = Callable[[DueMessage], Awaitable[object]]
"""Sends a notice. A text that it returns is the gateway's number for it, by which its receipt is asked for."""


async def deliver(
    store: Store,
    clock: Clock,
    senders: Mapping[str, Send],
    *,
    owner: str,
    lease: timedelta,
    limit: int = 50,
) -> Counter[str]:
    """Send the notices that are due, each by its channel.

    One that may have left is not sent again; one that did not is tried for days. One whose channel no system brings
    that is on here is left to another process; where none took it for days, a person is told. Each is taken alone: an
    error with one, or the death of its sender, does not touch the others.
    """
    came: Counter[str] = Counter()
    for lost in await store.forsaken_messages(real=await clock.real()):
        now, real = await clock.business(), await clock.real()
        await _tell(store, lost, UNSURE, FORSAKEN, FORSAKEN, owner, now=now, real=real)
        await store.message_unknown(lost.id, FORSAKEN, now=now)
        await _recovered(store, lost, owner, now=now, real=real)  # another sender may have given it back just now
        came["unknown"] += 1
    for _ in range(limit):
        now, real = await clock.business(), await clock.real()
        taken = await store.due_messages(1, owner=owner, now=now, real=real, lease=lease, channels=senders)
        if not taken:
            break
        for message in taken:
            try:
                fate = await _send(store, senders, message, owner, now=now, real=real)
            except Exception as error:  # noqa: BLE001 - its row is odd; the audit tells of it
                broke_off(message, error)
                await store.message_unknown(message.id, words(error), now=now)
                fate = "unknown"
            came[fate] += 1
            log.info("message.handled", occasion=message.occasion, attempt=message.attempt)
    return came


async def _send(
    store: Store, senders: Mapping[str, Send], message: DueMessage, owner: str, *, now: datetime, real: datetime
) -> str:
    """Send one notice and return what became of it.

    A person is told before that is written: where the process dies in between, the next one tells again.
    """
    sending = Sending()
    try:
        with watching(sending):
            if message.channel not in senders:
                raise NotSent(message.channel, "send", NO_SENDER)
            number = await senders[message.channel](message)
    except Refused as error:
        fate, why, cause = "refused", remote_said(error), str(error)
    except (NotSent, Closed, LoginNeeded, Drifted) as error:  # in each of these cases the gateway took nothing
        fate, why, cause = "failed", remote_said(error), cause_of(error)
    except RemoteError as error:
        fate, why, cause = "unknown", remote_said(error), cause_of(error)
    except BaseException as error:
        if not raised_by_itself(error):
            if not sending.may_have_happened:  # stopped before the first byte left: the notice is due again
                await store.message_failed(message.id, NOT_BEGUN, now=now, again_at=now)
            raise
        # a notice that cannot be sent does not stop the others
        mistake = mistake_of(error, "notice") or Mistake("notice", words(error), "")
        if message.attempt == 1:
            report(mistake, error, case=message.case, flow="", state=message.occasion)
        fate = "unknown" if sending.may_have_happened else "failed"
        why = Quote(f"{mistake.error} ({mistake.place})")
        cause = why
    else:
        known = number if isinstance(number, str) else None
        await store.message_sent(message.id, now=now, number=known, receipt_at=now + RECEIPT_AFTER)
        await _recovered(store, message, owner, now=now, real=real)
        return "sent"
    is_served = message.channel in senders
    again_at = _again_at(message, now) if fate == "failed" else None
    if again_at is not None and not is_served:
        again_at = now  # for the first who sends by its channel
    if again_at is None or not is_served or await _is_news(store, message):
        kind = UNSURE if fate == "unknown" else UNSENT
        await _tell(store, message, kind, why, cause, owner, now=now, real=real, tried_on=again_at is not None)
    if fate == "unknown":
        await store.message_unknown(message.id, why, now=now)
    else:
        await store.message_failed(message.id, why, now=now, again_at=again_at)
    return fate


def _again_at(message: DueMessage, now: datetime) -> datetime | None:
    """When a notice that could not be sent is tried again; None after FAILURES tries and NOTICE_FOR."""
    lasted = now - message.written_at
    if message.attempt >= FAILURES and lasted >= NOTICE_FOR:
        return None
    return now + backoff(message.attempt, lasted)


async def _is_news(store: Store, message: DueMessage) -> bool:
    """Whether a person is to be told of a notice that is tried on: after FAILURES tries, again once that is closed."""
    if message.attempt <= FAILURES:
        return message.attempt == FAILURES
    return not any(one.kind == UNSENT for one in await store.incidents(case=message.case))


async def _recovered(store: Store, message: Notified, owner: str, *, now: datetime, real: datetime) -> None:
    """Close the incident once no notice of the case is left that it is about."""
    told = {one.kind for one in await store.incidents(case=message.case)} & {UNSENT, UNSURE}
    if not told:
        return
    left = set[str]()
    for one in notices(await store.messages_of(message.case)):
        if one.is_kept or one.lost == UNSENT:
            left.add(UNSENT)
        if one.last.status in ("unknown", "sending"):  # a person may just have been told of a notice that is under way
            left.add(UNSURE)
    if over := tuple(sorted(told - left)):
        await note(store, message, Commit(guard="version", close=over), owner=owner, now=now, real=real)


async def _tell(
    store: Store,
    message: DueMessage | SentMessage,
    kind: str,
    why: Said,
    cause: str,
    owner: str,
    *,
    now: datetime,
    real: datetime,
    tried_on: bool = False,
) -> None:
    """Open the incident about a notice that will not go out, or may not have: the history says that it was sent."""
    notice, to = message.occasion, message.recipient
    if tried_on:
        text = Sentence(
            "notice_not_yet",
            "notice {notice} to {recipient} is not sent yet: {why}",
            notice=notice,
            recipient=to,
            why=why,
        )
    elif kind == UNSENT:
        text = Sentence(
            "notice_not_sent",
            "notice {notice} to {recipient} was not sent: {why}",
            notice=notice,
            recipient=to,
            why=why,
        )
    else:
        text = Sentence(
            "notice_in_doubt",
            "notice {notice} to {recipient} may not have been sent: {why}",
            notice=notice,
            recipient=to,
            why=why,
        )
    seen = {"occasion": notice, "recipient": to, **told_beside(why=why)}
    commit = Commit(
        guard="version",
        entries=(Entry("noted", told_beside(text=text), f"worker:{owner}"),),
        new_incidents=(NewIncident(kind, f"{message.channel}: {cause}", seen, bars=False),),
    )
    await note(store, message, commit, owner=owner, now=now, real=real)
