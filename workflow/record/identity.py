"""Which keys a record was made with: written into it once, and compared with the key file at every opening."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.errors import DatabaseUnusable, SettingsError
from workflow.record.configuration import configuration
from workflow.record.database import name_of, reading
from workflow.record.migrations import revision
from workflow.record.tables import accounts, documents, events, installation, secrets
from workflow.record.vault import PUT_BACK, Unsealable, Vault, is_sealed, make_keys, open_vault
from workflow.sentence import Sentence

KEYS = "keys"
MARK = "key "
"""The name of a key's mark begins with this; its value is the ring, the key's id, and its check value."""

ANEW = Sentence("move_away_this_record", "move it away: this record has not used any keys yet, and new ones are made")
SEALED: tuple[tuple[Column[Any], Column[Any]], ...] = (
    (accounts.c.id, accounts.c.password),
    (accounts.c.id, accounts.c.session),
    (secrets.c.id, secrets.c.sealed),
    (configuration.c.number, configuration.c.secret),
)
"""The columns in which the database holds encrypted values, each with the column that names its row."""
TRIED = 50
"""This many rows are tried with a key that has no mark yet: a single one may have been changed by hand."""


def _restore(path: Path) -> Sentence:
    return Sentence(
        "restore_from_backup_this",
        "restore {path} from a backup of this record; without it, its passwords, codes and papers stay closed",
        path=path,
    )


async def open_keys(engine: AsyncEngine, path: Path) -> Vault:
    """The vault of a record. Raises SettingsError where its keys are missing, or are another record's.

    Keys are made only for a record that was never used with any: new ones would spoil an older record.
    """
    known, used = (await key_marks(engine)).get(KEYS), False
    if not os.path.lexists(path):
        used = known is not None or await _is_used(engine)
        if used:
            what = Sentence(
                "missing_and_record_was", "is missing, and the record {record} was made with it", record=name_of(engine)
            )
            raise SettingsError(str(path), what, _restore(path))
        make_keys(path)
    try:
        vault = open_vault(path)
    except SettingsError as error:
        if error.cure == PUT_BACK and known is None and not await _is_used(engine):
            raise SettingsError(str(path), error.what, ANEW) from error
        raise
    if known is None:
        await _check_chain(engine, vault, path)
        await _write(engine, {KEYS: vault.identity})
    await check_keys(engine, vault, path)
    if unmarked := _marks(vault).keys() - (await key_marks(engine)).keys():
        await _check_seals(engine, vault, path)
        await _write(engine, {name: value for name, value in _marks(vault).items() if name in unmarked})
        await check_keys(engine, vault, path)  # another process may have been faster, with other keys
    return vault


async def refuse_lost(engine: AsyncEngine, *left: Path) -> None:
    """Raise DatabaseUnusable where files tell of a record and the database holds none: a new one would redo it all.

    left: files that only a used record leaves in its folder. Called before the schema is made.
    """
    told = next((path for path in left if path.is_file() and path.stat().st_size), None)
    if told is not None and await revision(engine) is None:
        cure = Sentence(
            "put_back_from_backup", "put it back from a backup; to begin anew, move the whole data folder away"
        )
        raise DatabaseUnusable(
            name_of(engine),
            Sentence("holds_no_record_and", "it holds no record, and {path} tells of one", path=told),
            cure,
        )


async def check_keys(engine: AsyncEngine, vault: Vault, path: Path) -> None:
    """Raise SettingsError where these are not the keys of this record, as far as it says; it writes nothing.

    Each key has a mark of its own: an older key file lacks some, and another key may stand under the name of one.
    """
    marks = await key_marks(engine)
    if KEYS in marks and marks[KEYS] != vault.identity:
        what = Sentence(
            "holds_other_keys_than", "holds other keys than the record {record} was made with", record=name_of(engine)
        )
        raise SettingsError(str(path), what, _restore(path))
    if strange := lacking(marks, vault):
        what = Sentence(
            "lacks_keys_with_which",
            "lacks the keys {keys}, with which {record} was written",
            keys=", ".join(strange),
            record=name_of(engine),
        )
        raise SettingsError(str(path), what, _restore(path))
    ours = _marks(vault)
    if other := sorted(_key_of(value) for name, value in marks.items() if name in ours and ours[name] != value):
        raise _another(engine, path, ", ".join(other))


async def key_marks(engine: AsyncEngine) -> dict[str, str]:
    """What the record says of its keys, by name."""
    columns = installation.c
    query = select(columns.name, columns.value).where((columns.name == KEYS) | columns.name.startswith(MARK))
    async with reading(engine) as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


def lacking(marks: Mapping[str, str], vault: Vault) -> list[str]:
    """The keys that the record knows and the vault does not have, such as sealing/1f."""
    ours = _marks(vault)
    return sorted(_key_of(value) for name, value in marks.items() if name.startswith(MARK) and name not in ours)


def _key_of(mark: str) -> str:
    ring, _, rest = mark.partition(" ")
    return f"{ring}/{rest.rpartition(' ')[0]}"


def _named(ring: str, keys: Iterable[str]) -> str:
    return ", ".join(f"{ring}/{key}" for key in sorted(keys))


def _marks(vault: Vault) -> dict[str, str]:
    """A mark for each key, named by the digest of its ring and id, which may be too long for a name."""
    return {
        MARK + hashlib.sha256(f"{ring} {key}".encode()).hexdigest()[:32]: f"{ring} {key} {check}"
        for (ring, key), check in vault.checks.items()
    }


def _another(engine: AsyncEngine, path: Path, named: str) -> SettingsError:
    what = Sentence(
        "holds_other_keys_in",
        "holds other keys in place of {keys}, with which {record} was written",
        keys=named,
        record=name_of(engine),
    )
    return SettingsError(str(path), what, _restore(path))


async def _is_used(engine: AsyncEngine) -> bool:
    async with reading(engine) as connection:
        for table in (events, accounts, secrets, documents):
            if (
                await connection.execute(select(func.count()).select_from(table.select().limit(1).subquery()))
            ).scalar():
                return True
    return False


async def _check_chain(engine: AsyncEngine, vault: Vault, path: Path) -> None:
    """Check a record that is older than marks by the keys of its events."""
    async with reading(engine) as connection:
        used = set((await connection.execute(select(events.c.key).distinct())).scalars())
    if strange := used - vault.chain.keys.keys():
        what = Sentence(
            "lacks_keys_with_which",
            "lacks the keys {keys}, with which {record} was written",
            keys=_named("chain", strange),
            record=name_of(engine),
        )
        raise SettingsError(str(path), what, _restore(path))


async def _check_seals(engine: AsyncEngine, vault: Vault, path: Path) -> None:
    """Check that a key without a mark opens something that is encrypted under its name, where anything is."""
    opened: dict[str, bool] = {}
    async with reading(engine) as connection:
        for row_id, column in SEALED:
            query = select(row_id, column).where(column.isnot(None)).limit(TRIED)
            for row, sealed in (await connection.execute(query)).all():
                if not is_sealed(sealed):
                    continue  # it names no key
                key = vault.key_of(sealed)
                if not opened.get(key):
                    opened[key] = _opens(vault, sealed, column.table.name, str(row), column.name)
    if strange := opened.keys() - vault.sealing_ids:
        what = Sentence(
            "lacks_keys_with_which",
            "lacks the keys {keys}, with which {record} was written",
            keys=_named("sealing", strange),
            record=name_of(engine),
        )
        raise SettingsError(str(path), what, _restore(path))
    if other := sorted(key for key, one in opened.items() if not one):
        raise _another(engine, path, _named("sealing", other))


def _opens(vault: Vault, sealed: bytes, table: str, row: str, column: str) -> bool:
    try:
        vault.open(sealed, table=table, row=row, column=column)
    except Unsealable:
        return False
    return True


async def _write(engine: AsyncEngine, marks: Mapping[str, str]) -> None:
    """Write each mark by itself: where another process was faster, what it wrote counts."""

    async def put(connection: AsyncConnection, name: str, value: str) -> None:
        await connection.execute(insert(installation).values(name=name, value=value))

    for name, value in marks.items():
        try:
            async with engine.begin() as connection:
                await put(connection, name, value)
        except IntegrityError:
            pass
