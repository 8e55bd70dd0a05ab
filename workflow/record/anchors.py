"""Signed marks of where every chain stood, kept in a file outside the database, so that a rewritten one shows.

Each line is numbered and signed over the one before it. A line is an anchor (the heads that changed), or says which
findings of an audit a person has acknowledged. The database knows the newest line: neither is cut or put back alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from workflow.files.disk import writing
from workflow.record.columns import instant_text, json_text
from workflow.record.events import Head
from workflow.record.vault import Ring
from workflow.record.watch import Finding, content_of

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


class Newest(NamedTuple):
    """A line of the file, as the database remembers it."""

    number: int
    signature: str


NONE = Newest(0, "")


@dataclass(frozen=True)
class Anchor:
    """The heads that changed since the anchor before. at: business time."""

    number: int
    at: datetime
    heads: Mapping[str, Head]


@dataclass
class Anchors:
    """What the file says, and where it is not as it was written."""

    lines: int = 0
    newest: Newest = NONE
    anchors: list[Anchor] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    """The last anchored head of every case, but of those whose findings were acknowledged since."""
    acknowledged: set[str] = field(default_factory=set)
    """The marks of acknowledged findings."""
    damages: list[Finding] = field(default_factory=list)
    signatures: dict[int, str] = field(default_factory=dict)
    numbered: bool = False
    """Whether any line has a number; those of before numbers were only chained."""

    def against(self, known: Newest | None) -> list[Finding]:
        """What is wrong with the file, and where it and the database tell of different anchors."""
        found = list(self.damages)
        if known == NONE:
            found.append(_finding("anchor", "what the database knows of the newest one was changed", known))
        if known is not None and known.number > 0 and self.signatures.get(known.number) != known.signature:
            what = "the database knows it, and the file does not hold it"
            found.append(_finding(f"anchor {known.number}", what, known))
        # one more than the database knows: its process ended between the two
        newer = self.newest.number - (known.number if known else 0)
        if newer > 1 and self.newest.number in self.signatures and (known is not None or self.numbered):
            what = "it is newer than the database, which was put back or has forgotten it"
            found.append(_finding(f"anchor {self.newest.number}", what, (self.newest, known)))
        return found


def read_anchors(path: Path, ring: Ring) -> Anchors:
    """The whole file, oldest line first. A line that was changed, dropped or put in is a finding, and no end."""
    if not path.exists():
        return Anchors()
    with path.open("rb") as file:
        return _read(file, ring)


def anchor(path: Path, heads: Mapping[str, Head], ring: Ring, *, at: datetime) -> Newest | None:
    """Appends what changed since the last anchor, on the disk before it returns; None where nothing did.

    Several processes of this host may call it at once: one writes after the other.
    """
    with _locked(path) as file:
        known = _read(file, ring)
        # what another process anchored meanwhile may be newer than what we read before
        changed = {
            case: head
            for case, head in heads.items()
            if known.heads.get(case) != head and head[0] >= known.heads.get(case, (0, b""))[0]
        }
        if not changed:
            return None
        marks = [[case, seq, head.hex()] for case, (seq, head) in sorted(changed.items())]
        return _append(file, known, ring, at, {"heads": marks, "root": _root(changed)})


def acknowledge(
    path: Path, findings: Sequence[Finding], ring: Ring, *, by: str, reason: str, at: datetime, known: Newest | None
) -> Newest:
    """Appends that a person has seen these findings. known: the newest line that the database knows."""
    with _locked(path) as file:
        read = _read(file, ring)
        follows = read.newest.signature
        if known is not None and known.number > read.newest.number:
            read.newest = known  # the file was cut: it goes on behind what is missing
        told = [{"mark": one.mark, "case": one.case, "place": one.place, "what": one.what} for one in findings]
        return _append(file, read, ring, at, {"acknowledged": told, "by": by, "reason": reason, "follows": follows})


def _locked(path: Path) -> IO[bytes]:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab+")
    fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed
    return file


def _append(file: IO[bytes], known: Anchors, ring: Ring, at: datetime, said: Mapping[str, Any]) -> Newest:
    body = {
        **said,
        "at": instant_text(at),
        "number": known.newest.number + 1,
        "previous": known.newest.signature,
        "key": ring.newest,
    }
    signature = _sign(ring, ring.newest, body)
    line, size = (json_text({**body, "signature": signature}) + "\n").encode(), file.seek(0, os.SEEK_END)
    if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
        line = b"\n" + line  # a crash cut the last line short
    with writing(Path(file.name)):
        try:
            _to_disk(file.fileno(), line)
        except OSError:
            with suppress(OSError):  # half a line would be taken for one that was tampered with
                os.ftruncate(file.fileno(), size)
            raise
    return Newest(known.newest.number + 1, signature)


def _to_disk(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)


def _read(file: IO[bytes], ring: Ring) -> Anchors:
    read = Anchors()
    file.seek(0)
    for line in file.read().splitlines():
        read.lines += 1
        place = f"line {read.lines}"
        try:
            found, signature = _parsed(line, ring)
        except _Wrong as wrong:
            read.damages.append(_finding(place, str(wrong), line))
            continue
        number = found.get("number", read.newest.number + 1)
        read.numbered = read.numbered or "number" in found
        # a person's word may bridge the gap that it is about, and no other
        bridged = found.get("follows") == read.newest.signature
        if not bridged and (number != read.newest.number + 1 or found["previous"] != read.newest.signature):
            read.damages.append(_finding(place, "the one before it is missing", line))
        read.newest = Newest(number, signature)
        read.signatures[number] = signature
        if "heads" in found:
            heads = {case: (seq, bytes.fromhex(head)) for case, seq, head in found["heads"]}
            read.anchors.append(Anchor(number, datetime.fromisoformat(found["at"]), heads))
            read.heads |= heads
        for told in found.get("acknowledged", ()):
            read.acknowledged.add(told["mark"])
            read.heads.pop(told["case"], None)
    return read


class _Wrong(Exception):
    """Why a line is no anchor."""


def _parsed(line: bytes, ring: Ring) -> tuple[dict[str, Any], str]:
    """A line whose signature holds, and its signature. Raises _Wrong."""
    try:
        found = json.loads(line)
        signature, key = found.pop("signature"), found["key"]
        if not isinstance(signature, str) or not isinstance(key, str):
            raise _Wrong("this is not an anchor")
    except _UNREADABLE as error:
        raise _Wrong("this is not an anchor") from error
    if key not in ring.keys:
        raise _Wrong(f"its key {key} is not in the key ring")
    try:
        if not hmac.compare_digest(_sign(ring, key, found).encode(), signature.encode()):
            raise _Wrong("it was changed")
    except _UNREADABLE as error:
        raise _Wrong("it was changed") from error
    return found, signature


def _finding(place: str, what: str, content: Any) -> Finding:
    return Finding("I4", "", "anchors", place, what, content_of(content))


def _root(heads: Mapping[str, Head]) -> str:
    """The Merkle root over the sorted (case, seq, head)."""
    level = [
        hashlib.sha256(b"\0" + json_text([case, seq, head.hex()]).encode()).digest()
        for case, (seq, head) in sorted(heads.items())
    ]
    while len(level) > 1:
        pairs = [level[place : place + 2] for place in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) > 1 else pair[0] for pair in pairs]
    return level[0].hex()


def _sign(ring: Ring, key: str, body: Mapping[str, object]) -> str:
    return hmac.digest(ring.keys[key], b"anchor" + json_text(dict(body)).encode(), "sha256").hex()
