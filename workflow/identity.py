"""Which keys a record was made with: written into it once, held against the key file at every opening."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.database import name_of, reading
from workflow.errors import SettingsError
from workflow.tables import accounts, documents, events, installation, secrets
from workflow.vault import PUT_BACK, Vault, make_keys, open_vault

KEYS = "keys"
RESTORE = "restore {path} from a backup of this record; without it, its passwords, codes and papers stay closed"

ANEW = "move it away: this record has not used any keys yet, and new ones are made"


async def open_keys(engine: AsyncEngine, path: Path) -> Vault:
    """The vault of a record. Raises SettingsError where its keys are missing, or are another record's.

    Keys are made only for a record that was never used with any: made beside an older one they would spoil it.
    """
    known, used = await _known(engine), False
    if not os.path.lexists(path):
        used = known is not None or await _is_used(engine)
        if used:
            what = f"is missing, and the record {name_of(engine)} was made with it"
            raise SettingsError(str(path), what, RESTORE.format(path=path))
        make_keys(path)
    try:
        vault = open_vault(path)
    except SettingsError as error:
        if error.cure == PUT_BACK and known is None and not await _is_used(engine):
            raise SettingsError(str(path), error.what, ANEW) from error
        raise
    if known is None:
        await _check_chain(engine, vault, path)
        known = await _write(engine, vault.identity)
    if known != vault.identity:
        what = f"holds other keys than the record {name_of(engine)} was made with"
        raise SettingsError(str(path), what, RESTORE.format(path=path))
    return vault


async def belongs(engine: AsyncEngine, vault: Vault) -> bool:
    """Whether these are the keys of this record, as far as it says; read, never changed."""
    known = await _known(engine)
    return known is None or known == vault.identity


async def _known(engine: AsyncEngine) -> str | None:
    query = select(installation.c.value).where(installation.c.name == KEYS)
    async with reading(engine) as connection:
        found: str | None = (await connection.execute(query)).scalar()
        return found


async def _is_used(engine: AsyncEngine) -> bool:
    async with reading(engine) as connection:
        for table in (events, accounts, secrets, documents):
            if (
                await connection.execute(select(func.count()).select_from(table.select().limit(1).subquery()))
            ).scalar():
                return True
    return False


async def _check_chain(engine: AsyncEngine, vault: Vault, path: Path) -> None:
    """A record of before this mark stood in it is known by the keys of its events."""
    async with reading(engine) as connection:
        used = set((await connection.execute(select(events.c.key).distinct())).scalars())
    if strange := used - vault.chain.keys.keys():
        what = f"lacks the chain key {', '.join(sorted(strange))}, with which {name_of(engine)} was written"
        raise SettingsError(str(path), what, RESTORE.format(path=path))


async def _write(engine: AsyncEngine, identity: str) -> str:
    async def put(connection: AsyncConnection) -> None:
        await connection.execute(insert(installation).values(name=KEYS, value=identity))

    try:
        async with engine.begin() as connection:
            await put(connection)
    except IntegrityError:
        pass  # another process was faster; what it wrote counts
    return await _known(engine) or identity
