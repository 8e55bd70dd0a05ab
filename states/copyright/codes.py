"""Brings the codes that owners filled in from the code record system to where the flow finds them (R110-R113)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.code_records import CodeRecords, FilledCode, OddRow
from states.copyright.owners import lacking_codes
from states.copyright.registration import Registration
from states.copyright.values import OwnerId
from workflow.case import Case
from workflow.errors import RemoteError


class CodeDesk(Protocol):
    """Where codes are kept, encrypted, until the flow hands them in."""

    async def asked_at(self, case: str, round: int) -> Mapping[OwnerId, datetime]:
        """When the bureau was last asked to send each owner a code in this round."""

    async def seen(self, case: str, round: int) -> frozenset[str]:
        """The numbers of the filled-in codes that were put here before."""

    async def put_code(
        self, case: str, round: int, owner: OwnerId, code: str, *, number: str, filled_at: datetime
    ) -> None:
        """Keep the code in place of an unused one, make the case due, and note that a code came, never which."""


@dataclass(frozen=True)
class CodesSynced:
    """What a run brought, by case number; never a code."""

    cases: int
    taken: Mapping[str, tuple[OwnerId, ...]]
    unclear: Mapping[str, tuple[OwnerId, ...]]
    """Owners who share a phone: the record system knows phones only, so a person enters their codes."""
    odd: Mapping[str, tuple[OddRow, ...]]
    """Rows of the record system that cannot be read; the codes beside them were taken all the same."""
    failed: Mapping[str, str]
    """Cases whose codes could not be asked for, with the reason; the next run is their next try."""


async def sync_codes(cases: Iterable[Case[Registration]], records: CodeRecords, desk: CodeDesk) -> CodesSynced:
    """For each case that waits for codes, take what its owners filled in since they were asked."""
    taken: dict[str, tuple[OwnerId, ...]] = {}
    unclear: dict[str, tuple[OwnerId, ...]] = {}
    odd: dict[str, tuple[OddRow, ...]] = {}
    failed: dict[str, str] = {}
    looked = 0
    for case in cases:
        looked += 1
        phones = _phones(case)
        if not phones:
            continue
        try:
            filled = await records.codes(case.data.full_name, case.data.version)
        except RemoteError as error:
            failed[case.number] = f"{type(error).__name__}: {error}"
            continue
        if filled.odd:
            odd[case.number] = filled.odd
        shared = {phone for phone, owners in Counter(phones.values()).items() if owners > 1}
        if puzzling := tuple(owner for owner, phone in phones.items() if phone in shared):
            unclear[case.number] = puzzling
        clear = {owner: phone for owner, phone in phones.items() if phone not in shared}
        fresh = newest(
            clear, filled.codes, await desk.asked_at(case.id, case.round), await desk.seen(case.id, case.round)
        )
        for owner, found in fresh.items():
            await desk.put_code(case.id, case.round, owner, found.code, number=found.number, filled_at=found.filled_at)
        if fresh:
            taken[case.number] = tuple(fresh)
    return CodesSynced(looked, taken, unclear, odd, failed)


def newest(
    phones: Mapping[OwnerId, str],
    filled: Iterable[FilledCode],
    asked_at: Mapping[OwnerId, datetime],
    seen: frozenset[str],
) -> dict[OwnerId, FilledCode]:
    """Of each owner's phone the newest code, if it came after our request and was not taken before."""
    last: dict[str, FilledCode] = {}
    for code in filled:
        if code.phone not in last or code.filled_at >= last[code.phone].filled_at:
            last[code.phone] = code
    return {
        owner: last[phone]
        for owner, phone in phones.items()
        if phone in last
        and owner in asked_at
        and last[phone].filled_at >= asked_at[owner]
        and last[phone].number not in seen
    }


def _phones(case: Case[Registration]) -> dict[OwnerId, str]:
    """The phones of the owners whose code the bureau wants and has not taken."""
    owners = [case.data.owner(owner) for owner in lacking_codes(case)]
    return {owner.id: owner.mobile for owner in owners if owner.mobile}
