"""What PostgreSQL never answers to such a statement, or answers in trouble: errors, nonsense, and bad manners."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

WRITES = re.compile(rb"\b(INSERT|UPDATE|DELETE)\b")
FATAL, ERROR = b"FATAL", b"ERROR"


def _all(_: bytes) -> bool:
    return True


def _writes(said: bytes) -> bool:
    return WRITES.search(said) is not None


def commits(said: bytes) -> bool:
    return said == b"COMMIT"


def _selects(said: bytes) -> bool:
    return said.startswith(b"SELECT") and not _writes(said)


def _tables(said: bytes) -> bool:
    return b"FROM" in said or _writes(said)


ERRORS: dict[str, tuple[bytes, bytes, str, Callable[[bytes], bool]]] = {
    "read-only after a failover": (ERROR, b"25006", "cannot execute UPDATE in a read-only transaction", _writes),
    "shut down by its administrator": (FATAL, b"57P01", "terminating connection due to administrator command", _all),
    "crashed elsewhere": (FATAL, b"57P02", "terminating connection because of crash of another process", _all),
    "disk full": (ERROR, b"53100", "could not extend file: No space left on device", _writes),
    "disk full at commit": (ERROR, b"53100", "could not write to file: No space left on device", commits),
    "out of memory": (ERROR, b"53200", "out of memory", _all),
    "no more locks": (ERROR, b"53200", "out of shared memory", _tables),
    "statement timeout": (ERROR, b"57014", "canceling statement due to statement timeout", _tables),
    "lock timeout": (ERROR, b"55P03", "canceling statement due to lock timeout", _writes),
    "idle too long": (FATAL, b"25P03", "terminating connection due to idle-in-transaction timeout", _all),
    "no permission": (ERROR, b"42501", "permission denied for table cases", _tables),
    "serialization": (ERROR, b"40001", "could not serialize access due to concurrent update", _writes),
    "serialization at commit": (ERROR, b"40001", "could not serialize access due to read/write dependencies", commits),
    "deadlock": (ERROR, b"40P01", "deadlock detected", _writes),
    "transaction aborted": (ERROR, b"25P02", "current transaction is aborted, commands ignored", _tables),
    "older schema": (ERROR, b"42703", 'column "epoch_number" does not exist', _tables),
    "no such table": (ERROR, b"42P01", 'relation "cases" does not exist', _tables),
    "another plan": (ERROR, b"0A000", "cached plan must not change result type", _tables),
    "statement of another pool": (ERROR, b"26000", 'prepared statement "_pg3_0" does not exist', _tables),
    "damaged page": (ERROR, b"XX001", "invalid page in block 7 of relation base/5/16384", _tables),
    "internal error": (ERROR, b"XX000", "cache lookup failed for relation 16384", _tables),
    "input and output": (ERROR, b"58030", "could not read block 7: Input/output error", _tables),
    "error without words": (ERROR, b"", "", _all),
    "error of no class": (ERROR, b"ZZZZZ", "something else", _all),
    "error of no language": (ERROR, b"XX000", "\udcff\udcfe", _all),
}
"""Replies that are errors: severity, SQLSTATE, words, and to which statements."""
DOORS = {
    "too many connections": (b"53300", "sorry, too many clients already"),
    "starting up": (b"57P03", "the database system is starting up"),
    "wrong password": (b"28P01", 'password authentication failed for user "caseward"'),
    "no login": (b"28000", "no pg_hba.conf entry for host"),
    "no such database": (b"3D000", 'database "caseward" does not exist'),
}
"""What is said to whoever comes; who is in is put out."""
READY = b"Z\x00\x00\x00\x05"
"""What ends an answer, before the state of the transaction."""
ODD: dict[str, tuple[bytes, Callable[[bytes], bool]]] = {
    "nothing but ready": (READY, _all),
    "an empty statement": (b"I\x00\x00\x00\x04" + READY, _all),
    "done, without rows": (b"C\x00\x00\x00\x0dSELECT 1\x00" + READY, _selects),
    "copy": (b"H\x00\x00\x00\x09\x00\x00\x01\x00\x00", _all),
    "web page": (b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>", _all),
    "noise": (bytes(range(256)) * 4, _all),
    "impossible length": (b"T\x00\x00\x00\x01", _all),
    "endless length": (b"D\x7f\xff\xff\xffabc", _all),
    "unknown kind": (b"!\x00\x00\x00\x04" + READY, _all),
}
"""What no statement is ever answered with, or only some other one. Nothing that was not done is called done."""
MANNERS = (
    "half, then cut", "half, then silence", "silence", "deaf", "cut", "cut before commit", "cut after commit",
    "silence after commit", "drop by drop", "slow", "refused",
)  # fmt: skip
WAYS = (*ERRORS, *DOORS, *ODD, *MANNERS)
AT_ONCE = ("cut", "refused", *DOORS)
"""Ways that reach who is connected already, in whatever moment."""


def error(severity: bytes, code: bytes, words: str) -> bytes:
    """As a server says it."""
    told = words.encode("utf-8", "surrogateescape")
    fields = b"S" + severity + b"\0V" + severity + b"\0C" + code + b"\0M" + told + b"\0\0" if code else b"\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


def ready(before: bytes) -> bytes:
    return READY + (b"I" if before == b"I" else b"E")
