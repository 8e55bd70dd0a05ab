"""Signed marks of where every chain stood, kept in a file outside the database, so that a rewritten one shows."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workflow.columns import instant_text, json_text
from workflow.errors import WorkflowError
from workflow.events import Bad, Event, Head
from workflow.vault import Ring


class AnchorsDamaged(WorkflowError):
    """The file of anchors is not as it was written."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}, line {line}: {why}; put back a copy of the file")
        self.path, self.line, self.why = path, line, why


@dataclass(frozen=True)
class Anchor:
    """The heads that changed since the anchor before. at: business time."""

    at: datetime
    heads: Mapping[str, Head]


def read_anchors(path: Path, ring: Ring) -> list[Anchor]:
    """All anchors, oldest first. Raises AnchorsDamaged where one was changed, dropped or cut off."""
    if not path.exists():
        return []
    anchors: list[Anchor] = []
    previous = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            found = json.loads(line)
            signed, signature, key = {**found}, found["signature"], found["key"]
            del signed["signature"]
            heads = {case: (seq, bytes.fromhex(head)) for case, seq, head in found["heads"]}
            at = datetime.fromisoformat(found["at"])
        except (ValueError, KeyError, TypeError) as error:
            raise AnchorsDamaged(path, number, "this is not an anchor") from error
        if key not in ring.keys:
            raise AnchorsDamaged(path, number, f"its key {key} is not in the key ring")
        if not hmac.compare_digest(_sign(ring, key, signed), signature) or found["root"] != _root(heads):
            raise AnchorsDamaged(path, number, "it was changed")
        if found["previous"] != previous:
            raise AnchorsDamaged(path, number, "the one before it is missing")
        previous = signature
        anchors.append(Anchor(at, heads))
    return anchors


def anchor(path: Path, heads: Mapping[str, Head], ring: Ring, *, at: datetime) -> Anchor | None:
    """Appends what changed since the last anchor, on the disk before it returns; None where nothing did.

    Several processes of this host may call it at once: one writes after the other.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = anchored(read_anchors(path, ring))
        # what another process anchored meanwhile may be newer than what we read before
        changed = {
            case: head
            for case, head in heads.items()
            if known.get(case) != head and head[0] >= known.get(case, (0, b""))[0]
        }
        if not changed:
            return None
        last = path.read_text("utf-8").splitlines()[-1:]
        body = {
            "at": instant_text(at),
            "heads": [[case, seq, head.hex()] for case, (seq, head) in sorted(changed.items())],
            "root": _root(changed),
            "previous": json.loads(last[0])["signature"] if last else "",
            "key": ring.newest,
        }
        file.write(json_text({**body, "signature": _sign(ring, ring.newest, body)}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Anchor(at, changed)


def anchored(anchors: Sequence[Anchor]) -> dict[str, Head]:
    """The last anchored head of every case."""
    heads: dict[str, Head] = {}
    for one in anchors:
        heads |= one.heads
    return heads


def verify_anchors(anchors: Sequence[Anchor], events: Mapping[tuple[str, int], Event]) -> Bad | None:
    """The first anchored head that is no event of this record any more, or None. events by (case, seq)."""
    for one in anchors:
        for case, (seq, head) in one.heads.items():
            event = events.get((case, seq))
            if event is None:
                return Bad(case, seq, f"the event that was anchored at {one.at} is gone")
            if event.hash != head:
                return Bad(case, seq, f"the event is not the one that was anchored at {one.at}")
    return None


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
