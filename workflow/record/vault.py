"""Encrypts what must not be read in the database (AES-256-GCM, bound to its place).

Holds the keys of the event chain.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflow.errors import SettingsError, WorkflowError
from workflow.files.disk import beside, put, writing
from workflow.files.plain import read_own
from workflow.sentence import Sentence

KEY_BYTES = 32
LARGEST = 65_536
"""Bytes of a key file at most: a new one has 206, and each key adds 200."""
LONGEST_NAME = 40
PUT_BACK = Sentence("put_back_one_database", "put back the one the database was made with")
_NONCE, _TAG = 12, 16


class Unsealable(WorkflowError):
    """An encrypted value cannot be opened here."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} cannot be opened: {why}")
        self.where, self.why = where, why


@dataclass(frozen=True)
class Ring:
    """Keys by id. The newest one encrypts or signs; all of them open and verify."""

    newest: str
    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Ring({', '.join(self.keys)})"


class Vault:
    """Encrypts and opens with the key ring."""

    def __init__(self, sealing: Ring, chain: Ring) -> None:
        self._sealing, self.chain = sealing, chain
        self._ciphers = {name: AESGCM(key) for name, key in sealing.keys.items()}

    def seal(self, plain: bytes, *, table: str, row: str, column: str) -> bytes:
        """Encrypt: key id, nonce and ciphertext. It opens only at the same table, row and column."""
        name = self._sealing.newest.encode()
        nonce = secrets.token_bytes(_NONCE)
        place = _place(table, row, column, self._sealing.newest)
        return bytes([len(name)]) + name + nonce + self._ciphers[self._sealing.newest].encrypt(nonce, plain, place)

    def open(self, sealed: bytes, *, table: str, row: str, column: str) -> bytes:
        where = f"{table}.{column} of {row}"
        if not is_sealed(sealed):
            raise Unsealable(where, "it was changed: nothing sealed stands there")
        length, name = sealed[0], self.key_of(sealed)
        if name not in self._ciphers:
            raise Unsealable(where, f"its key {name!r} is not in the key ring; put back the key file it was made with")
        nonce, cipher = sealed[1 + length :][:_NONCE], sealed[1 + length + _NONCE :]
        try:
            return self._ciphers[name].decrypt(nonce, cipher, _place(table, row, column, name))
        except (InvalidTag, ValueError) as error:
            raise Unsealable(where, "it was changed, or belongs to another row") from error

    @staticmethod
    def key_of(sealed: bytes) -> str:
        """The id of the key that an encrypted value names."""
        return sealed[1 : 1 + sealed[0]].decode("ascii", "replace")

    @property
    def sealing_ids(self) -> frozenset[str]:
        return frozenset(self._sealing.keys)

    @property
    def checks(self) -> dict[tuple[str, str], str]:
        """By ring and id, 32 hexadecimal digits that tell each key from others and reveal nothing of it."""
        return {
            (ring, name): hmac.digest(key, "\x1f".join(("check", ring, name)).encode(), hashlib.sha256).hex()[:32]
            for ring, keys in (("sealing", self._sealing.keys), ("chain", self.chain.keys))
            for name, key in keys.items()
        }

    @property
    def identity(self) -> str:
        """Tells these keys from others and reveals nothing of them; adding a key does not change it."""
        return self.fingerprint("keys")

    def fingerprint(self, *parts: str) -> str:
        """A keyed digest, 32 hexadecimal digits: it is equal for equal values and reveals nothing of them."""
        key = self.chain.keys[next(iter(self.chain.keys))]
        return hmac.digest(key, "\x1f".join(("fingerprint", *parts)).encode(), hashlib.sha256).hex()[:32]


def is_sealed(value: object) -> bool:
    """Whether it may be an encrypted value: bytes that name a key, long enough for a nonce and a tag."""
    return isinstance(value, bytes) and len(value) > 0 and 0 < value[0] <= len(value) - 1 - _NONCE - _TAG


def open_vault(path: Path) -> Vault:
    """The vault of this key file.

    Raises SettingsError where there is none, others may read it, or it is no key file.
    """
    try:
        content = read_own(path, LARGEST, PUT_BACK)
        mode = path.stat().st_mode & 0o777
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SettingsError(
            str(path), Sentence("missing", "is missing"), Sentence("restore_from_backup", "restore it from a backup")
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            str(path),
            Sentence("key_file_has_mode", "the key file has mode {mode}, so others may read it", mode=f"{mode:04o}"),
            Sentence("chmod_600", "chmod 600 {path}", path=path),
        )
    return Vault(*_rings(path, content))


def is_key_file(path: Path) -> bool:
    """Whether a plain file with our keys is there, whoever may read it."""
    try:
        _rings(path, read_own(path, LARGEST, PUT_BACK))
    except (OSError, SettingsError):
        return False
    return True


def add_key(path: Path) -> None:
    """Add a new sealing key and a new chain key to the ring; the old ones still open and verify."""
    open_vault(path)
    read = json.loads(read_own(path, LARGEST, PUT_BACK))
    put(path, _written({name: [*ring, _key()] for name, ring in read.items()}))


def make_keys(path: Path) -> None:
    """Make new keys in a file with mode 0600. Where another process makes them at this moment, its keys count."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path, _written({"sealing": [_key()], "chain": [_key()]})) as fresh, suppress(FileExistsError):
        os.link(fresh, path)


def _written(rings: Mapping[str, Any]) -> bytes:
    return json.dumps(rings, indent=1).encode()


def _key() -> dict[str, str]:
    return {"id": secrets.token_hex(4), "key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}


def _rings(path: Path, content: bytes) -> tuple[Ring, Ring]:
    """The sealing ring and the chain ring."""
    try:
        read = json.loads(content)
        return _ring(path, read["sealing"]), _ring(path, read["chain"])
    except (ValueError, LookupError, TypeError, RecursionError, binascii.Error) as error:
        raise SettingsError(str(path), Sentence("this_not_key_file", "this is not a key file"), PUT_BACK) from error


def _ring(path: Path, rows: list[dict[str, Any]]) -> Ring:
    keys = {row["id"]: base64.b64decode(row["key"], validate=True) for row in rows}
    for name, key in keys.items():
        if not (isinstance(name, str) and name.isascii() and 0 < len(name) <= LONGEST_NAME):
            raise ValueError("a key has no name")
        if len(key) != KEY_BYTES:
            raise SettingsError(
                str(path),
                Sentence(
                    "key_has_bytes_not",
                    "key {name} has {size} bytes, not {wanted}",
                    name=name,
                    size=len(key),
                    wanted=KEY_BYTES,
                ),
                Sentence("use_whole_key", "use a whole key"),
            )
    return Ring(rows[-1]["id"], keys)


def _place(table: str, row: str, column: str, key: str) -> bytes:
    return "\x1f".join((table, row, column, key)).encode()
