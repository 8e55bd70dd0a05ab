"""Brings the codes that owners filled in from the code record system to where the flow finds them (R110-R113)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from adapters.code_records import CodeRecords, FilledCode, OddRow
from states.copyright.owners import lacking_codes
from states.copyright.registration import Registration
from states.copyright.reminders import AHEAD
from states.copyright.values import OwnerId
from workflow import Case

BEHIND = timedelta(days=1)
"""A code may be dated this long before the request, since clocks differ; an older one is of an earlier request."""
PATIENCE = timedelta(hours=1)
"""A code that is dated before the request is told when its owner has had this long to fill in another one."""


class CodeDesk(Protocol):
    """Stores codes, encrypted, until the flow enters them."""

    async def asked_at(self, case: Case[Registration], now: datetime) -> Mapping[OwnerId, datetime]:
        """By owner, when the bureau was last asked to send a code in the case's round."""

    async def has_room(self, phone: str | None, now: datetime) -> bool:
        """Whether a phone may get another text that nobody here asked for."""

    async def ask_again(self, case: Case[Registration], owners: Sequence[OwnerId], version: int) -> None:
        """Have new codes asked for in place of those that ran out. Raises Conflict where the case changed meanwhile."""

    async def seen(self, case: str, round: int) -> frozenset[str]:
        """The numbers of filled-in codes that were stored in this round."""

    async def put_code(
        self, case: str, round: int, owner: OwnerId, code: str, *, number: str, filled_at: datetime
    ) -> None:
        """Store the code in place of an unused one, make the case due, and note that a code came, never which."""


@dataclass(frozen=True)
class CodesSynced:
    """What was found for one case; never a code."""

    taken: tuple[OwnerId, ...] = ()
    unclear: tuple[OwnerId, ...] = ()
    """Owners who share a phone: the record system knows phones only, so a person enters their codes."""
    odd: tuple[OddRow, ...] = ()
    """Rows of the record system that cannot be read; the codes beside them were taken all the same."""
    misdated: tuple[FilledCode, ...] = ()
    """Codes dated in the future, or before they can have been sent: nobody knows which request they answer."""
    strange: tuple[FilledCode, ...] = ()
    """Codes of phones that no owner of the case has."""


@dataclass(frozen=True)
class Sifted:
    """The filled-in codes of one case: those to take, and those that a person hears of."""

    fresh: Mapping[OwnerId, FilledCode]
    misdated: tuple[FilledCode, ...] = ()
    strange: tuple[FilledCode, ...] = ()


async def sync_codes(case: Case[Registration], records: CodeRecords, desk: CodeDesk, now: datetime) -> CodesSynced:
    """Take what the owners of a case filled in since they were asked. now: business time. Raises RemoteError."""
    phones = _phones(case)
    if not phones:
        return CodesSynced()
    filled = await records.codes(case.data.full_name, case.data.version)
    shared = {phone for phone, owners in Counter(phones.values()).items() if owners > 1}
    clear = {owner: phone for owner, phone in phones.items() if phone not in shared}
    seen = {number for round in range(case.round + 1) for number in await desk.seen(case.id, round)}
    known = {owner.mobile for owner in case.data.owners if owner.mobile}
    asked_at = await desk.asked_at(case, now)
    sifted = sift(clear, filled.codes, asked_at, frozenset(seen), now, known=frozenset(known))
    for owner, found in sifted.fresh.items():
        await desk.put_code(case.id, case.round, owner, found.code, number=found.number, filled_at=found.filled_at)
    unclear = tuple(owner for owner in phones if owner not in clear)
    return CodesSynced(tuple(sifted.fresh), unclear, filled.odd, sifted.misdated, sifted.strange)


def sift(
    phones: Mapping[OwnerId, str],
    filled: Iterable[FilledCode],
    asked_at: Mapping[OwnerId, datetime],
    seen: frozenset[str],
    now: datetime,
    *,
    known: frozenset[str],
) -> Sifted:
    """Of each owner's phone the newest code, if it came after our request and was not taken before.

    phones: of the owners whose code is wanted. known: those of all owners. What is dated in the future is set apart
    before the newest is looked for: it would be the newest for ever.
    """
    codes = tuple(filled)
    last: dict[str, FilledCode] = {}
    for code in codes:
        if code.filled_at <= now + AHEAD and (code.phone not in last or code.filled_at >= last[code.phone].filled_at):
            last[code.phone] = code
    fresh: dict[OwnerId, FilledCode] = {}
    misdated = [one for one in codes if one.filled_at > now + AHEAD and one.phone in phones.values()]
    for owner, phone in phones.items():
        if phone not in last or owner not in asked_at or last[phone].number in seen:
            continue
        since = last[phone].filled_at - asked_at[owner]
        if since >= timedelta(0):
            fresh[owner] = last[phone]
        elif since >= -BEHIND and now - asked_at[owner] >= PATIENCE:
            misdated.append(last[phone])
    first = min(asked_at.values(), default=None)
    strange = (one for one in codes if first is not None and one.phone not in known and one.filled_at >= first)
    return Sifted(
        fresh,
        tuple(one for one in misdated if one.number not in seen),
        tuple(one for one in strange if one.number not in seen),
    )


def _phones(case: Case[Registration]) -> dict[OwnerId, str]:
    """The phones of the owners whose code the bureau wants and has not taken."""
    owners = [case.data.owner(owner) for owner in lacking_codes(case)]
    return {owner.id: owner.mobile for owner in owners if owner.mobile}
