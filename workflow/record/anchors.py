"""Signed marks of where every chain stood, kept in a file outside the database, so that a rewritten one shows.

Each line is numbered and signed over the one before it. A line is an anchor (heads that changed), or says which
findings of an audit a person has acknowledged. The database knows the newest line and where in the file it begins:
neither is cut or put back alone, and what the file ends with is read without the rest of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from workflow.files.disk import writing
from workflow.record import places
from workflow.record.anchor_lines import Wrong, parsed, sign
from workflow.record.anchored_heads import AnchoredHeads
from workflow.record.columns import instant_text, json_text
from workflow.record.events import Head
from workflow.record.vault import Ring
from workflow.record.watch import Finding, content_of
from workflow.sentence import Sentence

_BLOCK = 64 * 1024


class Newest(NamedTuple):
    """The newest line of the file, as the database knows it."""

    number: int
    signature: str
    start: int | None = None
    """The byte at which the line begins; None for lines that were noted before this was stored."""


NONE = Newest(0, "")


@dataclass
class Anchors:
    """What the file says, and where it is not as it was written."""

    lines: int = 0
    count: int = 0
    """How many of its lines are anchors."""
    at: datetime | None = None
    """The business time of the newest anchor."""
    newest: Newest = NONE
    acknowledged: set[str] = field(default_factory=set)
    """The marks of acknowledged findings."""
    damages: list[Finding] = field(default_factory=list)
    signatures: dict[int, str] = field(default_factory=dict)
    numbered: bool = False
    """Whether any line has a number; older lines are only chained."""

    def against(self, known: Newest | None, later: Newest | None = None) -> list[Finding]:
        """What is wrong with the file, and where it differs from what the database knows.

        known: the newest line that the database knew before the file was read. later: the newest one afterwards, when
        another audit had written lines meanwhile.
        """
        found = list(self.damages)
        if known == NONE:
            found.append(
                _finding(
                    places.ANCHOR_FILE,
                    Sentence("what_database_knows_newest", "what the database knows of the newest one was changed"),
                    known,
                )
            )
        if known is not None and known.number > 0 and self.signatures.get(known.number) != known.signature:
            what = Sentence("database_knows_and_file", "the database knows it, and the file does not hold it")
            found.append(_finding(places.anchor(known.number), what, known))
        # one more than the database knows: its process ended before it could store it
        newer = self.newest.number - max(one.number for one in (known, later, NONE) if one is not None)
        if newer > 1 and self.newest.number in self.signatures and (known is not None or self.numbered):
            what = Sentence(
                "newer_than_database_which", "it is newer than the database, which was put back or has forgotten it"
            )
            found.append(_finding(places.anchor(self.newest.number), what, (self.newest, known)))
        return found


def read_anchors(path: Path, ring: Ring, heads: AnchoredHeads | None = None) -> Anchors:
    """Read the whole file, oldest line first. A line that was changed, dropped or put in is a finding; reading goes on.

    heads: called with every head that an anchor signed, without those that a person's word about their case made void.
    """
    read = Anchors()
    if path.exists():
        with path.open("rb") as file:
            _read(file, ring, read, heads, _end(file))
    if heads is not None:
        heads.sort()
    return read


def ends_as_known(path: Path, ring: Ring, known: Newest | None) -> bool:
    """Whether the file ends with the line that the database knows, or with one more that follows it.

    Nothing before that line is read. False: only the whole file can tell whether something is wrong.
    """
    if known is None or known.start is None or not path.exists():
        return False
    with path.open("rb") as file:
        end = _end(file)
        file.seek(known.start)
        lines = [file.readline() for _ in range(2) if file.tell() < end]
        if file.tell() < end:
            return False
    follows = ""
    for place, line in enumerate(lines):
        try:
            found, signature = parsed(line, ring)
        except Wrong:
            return False
        if found.get("number") != known.number + place or (place and found["previous"] != follows):
            return False
        if place == 0 and signature != known.signature:
            return False
        follows = signature
    return follows != ""


def anchor(path: Path, heads: Mapping[str, Head], ring: Ring, *, at: datetime) -> Newest | None:
    """Append these heads; they are on disk before it returns. None where there are none.

    Several processes of this host may call it at once; they write one after the other. The file may hold newer heads of
    a case already: all heads that were ever signed are compared with the events.
    """
    if not heads:
        return None
    with _locked(path) as file:
        marks = [[case, seq, head.hex()] for case, (seq, head) in sorted(heads.items())]
        return _append(file, _last(file, ring), ring, at, {"heads": marks, "root": _root(heads)})


def acknowledge(
    path: Path, findings: Sequence[Finding], ring: Ring, *, by: str, reason: str, at: datetime, known: Newest | None
) -> Newest:
    """Append that a person has seen these findings. known: the newest line that the database knows."""
    with _locked(path) as file:
        last = _last(file, ring)
        follows = last.signature
        if known is not None and known.number > last.number:
            last = known  # the file was cut: continue behind what is missing
        told = [{"mark": one.mark, "case": one.case, "place": one.place, "what": one.what} for one in findings]
        return _append(file, last, ring, at, {"acknowledged": told, "by": by, "reason": reason, "follows": follows})


def _locked(path: Path) -> IO[bytes]:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab+")
    fcntl.flock(file, fcntl.LOCK_EX)  # unlocked when the file is closed
    return file


def _append(file: IO[bytes], last: Newest, ring: Ring, at: datetime, said: Mapping[str, Any]) -> Newest:
    number = last.number + 1
    body = {**said, "at": instant_text(at), "number": number, "previous": last.signature, "key": ring.newest}
    signature = sign(ring, ring.newest, body)
    line, size = (json_text({**body, "signature": signature}) + "\n").encode(), file.seek(0, os.SEEK_END)
    start = size
    if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
        line, start = b"\n" + line, size + 1  # a crash cut the last line short
    with writing(Path(file.name)):
        try:
            _to_disk(file.fileno(), line)
        except OSError:
            with suppress(OSError):  # half a line would look like one that was tampered with
                os.ftruncate(file.fileno(), size)
            raise
    return Newest(number, signature, start)


def _to_disk(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)


def _last(file: IO[bytes], ring: Ring) -> Newest:
    """The last line that holds, which the next one follows. It is read from the end of the file."""
    for start, line in _backwards(file):
        try:
            found, signature = parsed(line, ring)
        except Wrong:
            continue
        if "number" in found:
            return Newest(found["number"], signature, start)
        return _read(file, ring, Anchors()).newest  # it is older than numbers: its place is its number
    return NONE


def _backwards(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines of the file, the last one first, each with the byte at which it begins."""
    start, block, kept = file.seek(0, os.SEEK_END), _BLOCK, b""
    while start:
        block = min(start, block)
        start -= block
        kept = os.pread(file.fileno(), block, start) + kept
        first, *others = kept.split(b"\n")
        end = start + len(kept)
        for line in reversed(others):
            end -= len(line)
            if line:
                yield end, line
            end -= 1
        kept, block = first, 2 * block  # its beginning may lie further ahead
    if kept:
        yield 0, kept


def _end(file: IO[bytes]) -> int:
    """Where the file ends, with nobody writing a line."""
    fcntl.flock(file, fcntl.LOCK_SH)
    try:
        return file.seek(0, os.SEEK_END)
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _read(
    file: IO[bytes], ring: Ring, read: Anchors, heads: AnchoredHeads | None = None, end: int | None = None
) -> Anchors:
    file.seek(0)
    start = 0
    for line in file:
        if start == end:
            break
        read.lines += 1
        place, begins = places.line(read.lines), start
        start += len(line)
        try:
            found, signature = parsed(line, ring)
        except Wrong as wrong:
            read.damages.append(_finding(place, wrong.what, line.rstrip(b"\r\n")))
            continue
        number = found.get("number", read.newest.number + 1)
        read.numbered = read.numbered or "number" in found
        # a person's word may bridge the gap that it is about, and no other
        bridged = found.get("follows") == read.newest.signature
        if not bridged and (number != read.newest.number + 1 or found["previous"] != read.newest.signature):
            read.damages.append(
                _finding(place, Sentence("one_before_missing", "the one before it is missing"), line.rstrip(b"\r\n"))
            )
        read.newest = Newest(number, signature, begins)
        read.signatures[number] = signature
        if "heads" in found:
            read.count += 1
            read.at = datetime.fromisoformat(found["at"])
            if heads is not None:
                heads.add((case, seq, bytes.fromhex(head)) for case, seq, head in found["heads"])
        for told in found.get("acknowledged", ()):
            read.acknowledged.add(told["mark"])
            if heads is not None:
                heads.forget(told["case"])
    return read


def _finding(place: Sentence, what: Sentence, content: Any) -> Finding:
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
