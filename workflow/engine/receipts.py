"""Asks the gateways whether notices arrived, and tells a person of those that did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from workflow.backoff import RECEIPT_AFTER, RECEIPT_LONGEST, RECEIPT_UNTIL
from workflow.clock import Clock
from workflow.engine.notice_records import NO_SENDER, broke_off, note
from workflow.engine.progress import cause_of
from workflow.errors import NotSent, RemoteError
from workflow.flow.mistakes import mistake_of, raised_by_itself, report, words
from workflow.record.values import Commit, Entry, NewIncident
from workflow.sentence import Sentence, told_beside
from workflow.store import Store
from workflow.store.values import SentMessage

log = structlog.get_logger()

UNDELIVERED = "notice_undelivered"
"""The kind of the incident about a notice that the gateway took and that did not arrive."""
UNASKED = "notice_unasked"
"""The kind of the incident about a gateway that does not answer questions about receipts."""
Arrived = Callable[[str], Awaitable[bool | None]]
"""Asks a gateway by its number for a notice. True: it arrived; False: it did not, or nobody knows; None: too early."""


async def receipts(
    store: Store, clock: Clock, askers: Mapping[str, Arrived], *, owner: str, limit: int = 50
) -> Counter[str]:
    """Ask for each receipt that is due, by channel. Each is asked for with growing distance over three days at most."""
    now, real = await clock.business(), await clock.real()
    came: Counter[str] = Counter()
    for message in await store.receipts_due(limit, now=now, channels=askers):
        try:
            if receipt := await _ask(store, askers, message, owner, now=now, real=real):
                came[receipt] += 1
        except Exception as error:  # noqa: BLE001 - its row is odd; the audit tells of it
            broke_off(message, error)
            await store.receipt(message.id, "none")
    return came


async def _ask(
    store: Store,
    askers: Mapping[str, Arrived],
    message: SentMessage,
    owner: str,
    *,
    now: datetime,
    real: datetime,
) -> str | None:
    """What the gateway says of one notice; None where it is not known yet, or was known before."""
    arrived: bool | None = None
    failed: BaseException | None = None
    try:
        if message.channel not in askers:
            raise NotSent(message.channel, "delivered", NO_SENDER)
        if message.number is not None:
            arrived = await askers[message.channel](message.number)
    except BaseException as error:
        if not raised_by_itself(error):
            raise
        failed = error  # an error with one receipt does not stop the others
        log.warning("message.no_receipt", occasion=message.occasion, why=words(error))
        if not isinstance(error, RemoteError) and (mistake := mistake_of(error, "receipt")):
            report(mistake, error, case=message.case, flow="", state=message.occasion)
    await _unasked(store, message, failed, owner, now=now, real=real)
    if arrived is None:
        again_at = _again_at(message, now)
        await store.receipt(message.id, None if again_at else "none", again_at=again_at)
        return None
    if not arrived:
        # told before it is written: where the process dies in between, the next one asks again
        await _tell(store, message, owner, now=now, real=real)
    receipt = "delivered" if arrived else "undelivered"
    return receipt if await store.receipt(message.id, receipt) else None


async def _unasked(
    store: Store, message: SentMessage, failed: BaseException | None, owner: str, *, now: datetime, real: datetime
) -> None:
    """Open the incident about a gateway that has not answered for hours; any answer, even "too early", closes it."""
    if now - (message.settled_at or now) < RECEIPT_LONGEST:
        return
    is_told = any(one.kind == UNASKED for one in await store.incidents(case=message.case))
    if is_told == (failed is not None):
        return
    if failed is None:
        commit = Commit(guard="version", close=(UNASKED,))
    else:
        seen = {"occasion": message.occasion, "recipient": message.recipient, **told_beside(why=words(failed))}
        trouble = NewIncident(UNASKED, f"{message.channel}: {cause_of(failed)}", seen, bars=False)
        commit = Commit(guard="version", new_incidents=(trouble,))
    await note(store, message, commit, owner=owner, now=now, real=real)


def _again_at(message: SentMessage, now: datetime) -> datetime | None:
    """When to ask again: after as long as it has been out, six hours at most; None once nobody keeps the receipt."""
    out = now - (message.settled_at or now)
    if out < timedelta(0):
        return now + RECEIPT_LONGEST  # the clock was set since, and nobody knows how long the notice has been out
    return None if out >= RECEIPT_UNTIL else now + max(RECEIPT_AFTER, min(out, RECEIPT_LONGEST))


async def _tell(store: Store, message: SentMessage, owner: str, *, now: datetime, real: datetime) -> None:
    """Open the incident about a notice that did not arrive: the history says that it was sent."""
    what = Sentence(
        "notice_not_arrived",
        "notice {notice} to {recipient} did not arrive, says the gateway: {number}",
        notice=message.occasion,
        recipient=message.recipient,
        number=message.number,
    )
    seen = {"occasion": message.occasion, "recipient": message.recipient, "number": message.number}
    trouble = NewIncident(UNDELIVERED, f"{message.channel}: {message.occasion}", seen, bars=False)
    commit = Commit(
        guard="version", entries=(Entry("noted", told_beside(text=what), f"worker:{owner}"),), new_incidents=(trouble,)
    )
    await note(store, message, commit, owner=owner, now=now, real=real)
