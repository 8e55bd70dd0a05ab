"""The chained record of a case: write its events, read them, fold them, verify them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from workflow.claims import Entry, EntryKind, Json
from workflow.columns import json_text
from workflow.vault import Ring

BEGINNING = bytes(32)
"""What the first event of a case is chained to."""

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)

Head = tuple[int, bytes]
"""The seq and hash of a case's last event."""


@dataclass(frozen=True)
class Event:
    """One line of the record. An erased event keeps its digest; payload and salt are gone."""

    case: str
    seq: int
    kind: EntryKind
    actor: str
    reason: str | None
    at: datetime
    flow_version: int
    revision: str
    payload: bytes | None
    salt: bytes | None
    digest: bytes
    key: str
    hash: bytes

    @property
    def body(self) -> Json | None:
        """The payload as a value; None once it is erased."""
        return None if self.payload is None else json.loads(self.payload)


@dataclass(frozen=True)
class Folded:
    """What the events alone say of a case."""

    state: str
    data: Json
    round: int
    decision: int | None
    hold: str | None
    flow_version: int
    seq: int


class Bad(NamedTuple):
    """The first event that does not verify, and why."""

    case: str
    seq: int
    why: str


def canonical(body: Json) -> bytes:
    """The bytes that are digested and stored. Raises ValueError for NaN and what is not UTF-8."""
    return json_text(body).encode("utf-8")


def chain(
    entries: Sequence[Entry],
    *,
    case: str,
    after: Head,
    at: datetime,
    flow_version: int,
    revision: str,
    ring: Ring,
) -> tuple[Event, ...]:
    """The entries as events that follow the head."""
    events: list[Event] = []
    seq, previous = after
    for entry in entries:
        seq += 1
        payload, salt = canonical(entry.body), secrets.token_bytes(16)
        digest = hashlib.sha256(salt + payload).digest()
        header = _header(case, seq, entry.kind, entry.actor, entry.reason, at, flow_version, revision)
        previous = _hash(ring.keys[ring.newest], previous, header, digest)
        events.append(
            Event(
                case=case,
                seq=seq,
                kind=entry.kind,
                actor=entry.actor,
                reason=entry.reason,
                at=at,
                flow_version=flow_version,
                revision=revision,
                payload=payload,
                salt=salt,
                digest=digest,
                key=ring.newest,
                hash=previous,
            )
        )
    return tuple(events)


def fold(events: Iterable[Event]) -> Folded:
    """The case as its events tell it. An `erased` event carries what the erased ones before it led to."""
    state, data, round_, decision, hold, version, seq = "", dict[str, Any](), 0, None, None, 0, 0
    for event in events:
        seq, body = event.seq, event.body
        if body is None:
            continue
        match event.kind:
            case "created":
                state, data, round_, version = body["state"], dict(body["data"]), body["round"], event.flow_version
            case "erased":
                state, data, round_ = body["state"], dict(body["data"]), body["round"]
                decision, hold, version = body["decision"], body["hold"], event.flow_version
            case "decided":
                decision = body["number"]
            case "moved" | "forced":
                state, round_, decision = body["to"], body.get("round", round_), None
            case "stayed" | "abandoned":
                decision = None
            case "held":
                hold = body["reason"]
            case "resumed":
                hold = None
            case "upgraded":
                version, state = body["to"], body.get("state") or state
                data = dict(body.get("data", data))
            case _:
                pass
        data |= body.get("patch") or {}
    return Folded(state, data, round_, decision, hold, version, seq)


def verify(events: Iterable[Event], heads: Mapping[str, Head], ring: Ring) -> Bad | None:
    """The first bad event of these whole cases, ordered by case and seq, or None when every chain holds to its head."""
    reached: dict[str, Head] = {}
    for event in events:
        seq, previous = reached.get(event.case, (0, BEGINNING))
        if why := _wrong(event, seq, previous, ring):
            return Bad(event.case, seq + 1 if event.seq != seq + 1 else event.seq, why)
        reached[event.case] = (event.seq, event.hash)
        if event.case not in heads:
            return Bad(event.case, event.seq, "there is no such case")
    for case, (seq, head) in heads.items():
        last, hash_ = reached.get(case, (0, BEGINNING))
        if last != seq:
            return Bad(case, min(last, seq) + 1, f"the case stands at {seq}, its events end at {last}")
        if hash_ != head:
            return Bad(case, seq, "the case's head is not the hash of its last event")
    return None


def _wrong(event: Event, seq: int, previous: bytes, ring: Ring) -> str | None:
    if event.seq != seq + 1:
        return f"event {seq + 1} is missing"
    if event.key not in ring.keys:
        return f"the chain key {event.key} is not in the key ring"
    if (event.payload is None) != (event.salt is None):
        return "half erased"
    if event.payload is not None and hashlib.sha256((event.salt or b"") + event.payload).digest() != event.digest:
        return "the payload was changed"
    header = _header(
        event.case, event.seq, event.kind, event.actor, event.reason, event.at, event.flow_version, event.revision
    )
    if not hmac.compare_digest(_hash(ring.keys[event.key], previous, header, event.digest), event.hash):
        return "the hash does not follow from the event and the one before it"
    return None


def _header(
    case: str, seq: int, kind: str, actor: str, reason: str | None, at: datetime, flow_version: int, revision: str
) -> bytes:
    microseconds = (at - _ZERO) // timedelta(microseconds=1)
    return json_text([case, seq, kind, actor, reason, microseconds, flow_version, revision]).encode("utf-8")


def _hash(key: bytes, previous: bytes, header: bytes, digest: bytes) -> bytes:
    return hmac.digest(key, previous + header + digest, "sha256")
