"""Stores the codes that owners filled in, as the case's secrets, by a command that notes that one came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from states.copyright.registration import Registration
from states.copyright.reminders import requests
from states.copyright.values import OwnerId
from workflow import Case
from workflow.engine.commands import Commands
from workflow.sentence import Sentence
from workflow.store.values import CaseRow

RUN_OUT = Sentence("code_ran_out", "nobody filled in the code in its time; another one is asked for")
TEXTS_A_DAY = 6
"""A phone that got so many texts from us in a day gets no code that it did not ask for, whatever its cases wait for."""


class Rows(Protocol):
    """What is needed of the store."""

    async def case(self, case: str) -> CaseRow: ...
    async def told_since(self, address: str, since: datetime) -> int: ...
    async def code_sources(self, case: str, round_: int) -> frozenset[str]: ...


class CodeDesk:
    """The sync's view of our own record."""

    def __init__(self, store: Rows, commands: Commands) -> None:
        self._store, self._commands = store, commands

    async def asked_at(self, case: Case[Registration], now: datetime) -> Mapping[OwnerId, datetime]:
        row = await self._store.case(case.id)
        return {owner: one.last for owner, one in requests(row.claim.effects, case, now).items()}

    async def has_room(self, phone: str | None, now: datetime) -> bool:
        """Whether a phone may get another text that nobody here asked for."""
        return phone is not None and await self._store.told_since(phone, now - timedelta(days=1)) < TEXTS_A_DAY

    async def ask_again(self, case: Case[Registration], owners: Sequence[OwnerId], version: int) -> None:
        """Have new codes asked for in place of those that ran out. Raises Conflict where the case changed meanwhile."""
        extra = case.data.extra_in(case.round)
        for owner in owners:
            extra = extra.beside(owner, by_hand=False)
        await self._commands.give(case.id, {"codes_extra": extra.model_dump(mode="json")}, RUN_OUT, version)

    async def seen(self, case: str, round: int) -> frozenset[str]:
        return await self._store.code_sources(case, round)

    async def put_code(
        self, case: str, round: int, owner: OwnerId, code: str, *, number: str, filled_at: datetime
    ) -> None:
        await self._commands.enter_code(case, owner, code, source=number, asked_in=round)
