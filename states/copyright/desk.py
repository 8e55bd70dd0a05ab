"""Stores the codes that owners filled in, as the case's secrets, by a command that notes that one came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from states.copyright.registration import Registration
from states.copyright.reminders import requests
from states.copyright.values import OwnerId
from workflow import Case
from workflow.engine.commands import Commands
from workflow.store.values import CaseRow


class Rows(Protocol):
    """What is needed of the store."""

    async def case(self, case: str) -> CaseRow: ...
    async def code_sources(self, case: str, round_: int) -> frozenset[str]: ...


class CodeDesk:
    """The sync's view of our own record."""

    def __init__(self, store: Rows, commands: Commands) -> None:
        self._store, self._commands = store, commands

    async def asked_at(self, case: Case[Registration], now: datetime) -> Mapping[OwnerId, datetime]:
        row = await self._store.case(case.id)
        return {owner: one.last for owner, one in requests(row.claim.effects, case, now).items()}

    async def seen(self, case: str, round: int) -> frozenset[str]:
        return await self._store.code_sources(case, round)

    async def put_code(
        self, case: str, round: int, owner: OwnerId, code: str, *, number: str, filled_at: datetime
    ) -> None:
        await self._commands.enter_code(case, owner, code, source=number, asked_in=round)
