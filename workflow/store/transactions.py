"""Runs the store's transactions: again where a race was lost, read back where the reply to COMMIT was lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.errors import DatabaseUnusable
from workflow.record.database import again, locked_out, lost, name_of, passing, unusable
from workflow.record.newer import raise_if_newer, reading
from workflow.record.vault import Vault
from workflow.sentence import Sentence
from workflow.store.seals import begin_sealing, seal_touched

T = TypeVar("T")
TRIES = 5
LOOKS = 30
"""This often a commit without a reply is looked for before it counts as not done."""


class Transactions:
    """The database, the vault, and the code revision that is written into events."""

    def __init__(self, engine: AsyncEngine, vault: Vault, revision: str) -> None:
        self.engine, self.vault, self.revision = engine, vault, revision
        # SQLite has one writer at a time: waiting here is fair, its busy handler is not
        self._turn = asyncio.Semaphore(1 if engine.dialect.name == "sqlite" else 64)

    @property
    def sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with reading(self.engine) as connection:
            yield connection

    async def writing(
        self,
        work: Callable[[AsyncConnection], Awaitable[T]],
        held: Callable[[AsyncConnection, T], Awaitable[bool]] | None = None,
    ) -> T:
        """Run work in one transaction.

        held: asked on a new connection whether the transaction stands, when the reply to COMMIT was lost. Without it
        the work is run again, so it must come to the same when it is done twice.
        """
        for left in reversed(range(TRIES)):
            try:
                async with self._turn, self.engine.connect() as connection:
                    begin_sealing(connection, self.vault.chain)
                    result = await work(connection)
                    await seal_touched(connection)
                    committed = await self._commit(connection)
                if committed or (held is not None and await self._stands(held, result)):
                    return result
            except (SQLAlchemyError, ConnectionError) as error:
                await self._raise_unless(again(error) and not locked_out(error) and left > 0, error)
            await asyncio.sleep(random.uniform(0.005, 0.05) * (TRIES - left))
        raise DatabaseUnusable(
            name_of(self.engine),
            Sentence("answers_no_commit", "it answers no COMMIT"),
            Sentence("look_at_server_and", "look at the server and the network"),
        )

    async def _commit(self, connection: AsyncConnection) -> bool:
        """Commit; False where the reply was lost, so that it may have held or not."""
        try:
            await connection.commit()
        except (SQLAlchemyError, ConnectionError) as error:
            if not lost(error):
                raise
            await connection.invalidate()
            return False
        return True

    async def _stands(self, held: Callable[[AsyncConnection, T], Awaitable[bool]], result: T) -> bool:
        for left in reversed(range(LOOKS)):
            try:
                # a connection that writes: its row lock waits for a COMMIT on which the server still works
                async with self._turn, self.engine.connect() as connection:
                    return await held(connection, result)
            except (SQLAlchemyError, ConnectionError) as error:
                await self._raise_unless(passing(error) and left > 0, error)
            await asyncio.sleep(random.uniform(0.05, 0.5) if LOOKS - left < TRIES else random.uniform(0.5, 1.5))
        return False

    async def _raise_unless(self, retried: bool, error: Exception) -> None:
        if retried:
            return
        await raise_if_newer(self.engine, error)
        named = unusable(self.engine, error) if isinstance(error, SQLAlchemyError) else None
        if named is not None:
            raise named from error
        raise error
