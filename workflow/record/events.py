"""The chained record of a case: writes its events, reads, folds and verifies them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from workflow.record.columns import json_text
from workflow.record.values import Entry, EntryKind, Json
from workflow.record.vault import Ring
from workflow.sentence import Said, Sentence, kept_text, said_in

BEGINNING = bytes(32)
"""The hash that the first event of a case is chained to."""

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)

Head = tuple[int, bytes]
"""The seq and hash of a case's last event."""


@dataclass(frozen=True)
class Event:
    """One event. An erased event keeps its digest; payload and salt are deleted. reason: as the column keeps it."""

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

    @property
    def why(self) -> Said | None:
        """The reason as people are told it."""
        return None if self.reason is None else said_in(self.reason)


class Folded(NamedTuple):
    """What the events alone say of a case."""

    state: str
    data: Json
    round: int
    decision: int | None
    hold: str | None
    flow_version: int
    seq: int


NOTHING = Folded("", {}, 0, None, None, 0, 0)


class Bad(NamedTuple):
    """The first event that does not verify, and why."""

    case: str
    seq: int
    why: Sentence


def canonical(body: Json) -> bytes:
    """The bytes that are digested and stored. Raises ValueError for NaN."""
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
        reason = None if entry.reason is None else kept_text(entry.reason)
        header = _header(case, seq, entry.kind, entry.actor, reason, at, flow_version, revision)
        previous = _hash(ring.keys[ring.newest], previous, header, digest)
        events.append(
            Event(
                case=case,
                seq=seq,
                kind=entry.kind,
                actor=entry.actor,
                reason=reason,
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
    """The case as its events tell it. An `erased` event carries what the erased events before it led to."""
    said = NOTHING
    for event in events:
        said = folded(said, event)
    return said


def folded(said: Folded, event: Event) -> Folded:
    """What is known of the case with this event too."""
    body = event.body
    if body is None:
        return said._replace(seq=event.seq)
    data = dict(said.data)
    match event.kind:
        case "created":
            data = dict(body["data"])
            said = said._replace(state=body["state"], round=body["round"], flow_version=event.flow_version)
        case "erased":
            data = dict(body["data"])
            said = Folded(
                body["state"], data, body["round"], body["decision"], body["hold"], event.flow_version, event.seq
            )
        case "decided":
            said = said._replace(decision=body["number"])
        case "moved" | "forced":
            said = said._replace(state=body["to"], round=body.get("round", said.round), decision=None)
        case "stayed" | "abandoned":
            said = said._replace(decision=None)
        case "held":
            said = said._replace(hold=body["reason"])
        case "resumed":
            said = said._replace(hold=None)
        case "upgraded":
            data = dict(body.get("data", data))
            said = said._replace(flow_version=body["to"], state=body.get("state") or said.state)
        case _:
            pass
    return said._replace(data=data | (body.get("patch") or {}), seq=event.seq)


def verify(events: Iterable[Event], heads: Mapping[str, Head], ring: Ring) -> Bad | None:
    """The first bad event of these whole cases, ordered by case and seq; None where every chain leads to its head."""
    reached: dict[str, Head] = {}
    for event in events:
        seq, previous = reached.get(event.case, (0, BEGINNING))
        if why := wrong_event(event, seq, previous, ring):
            return Bad(event.case, seq + 1 if event.seq != seq + 1 else event.seq, why)
        reached[event.case] = (event.seq, event.hash)
        if event.case not in heads:
            return Bad(event.case, event.seq, Sentence("there_no_such_case", "there is no such case"))
    for case, (seq, head) in heads.items():
        last, hash_ = reached.get(case, (0, BEGINNING))
        if last != seq:
            return Bad(
                case,
                min(last, seq) + 1,
                Sentence(
                    "case_stands_at_events", "the case stands at {seq}, its events end at {last}", seq=seq, last=last
                ),
            )
        if hash_ != head:
            return Bad(case, seq, Sentence("case_head_not_hash", "the case's head is not the hash of its last event"))
    return None


def wrong_event(event: Event, seq: int, previous: bytes, ring: Ring) -> Sentence | None:
    """Why the event does not follow the one of this seq and hash, or None. It compares bytes, and reads no payload."""
    if event.seq != seq + 1:
        return Sentence("event_missing", "event {seq} is missing", seq=seq + 1)
    if event.key not in ring.keys:
        return Sentence("chain_key_not_in", "the chain key {key} is not in the key ring", key=event.key)
    if (event.payload is None) != (event.salt is None):
        return Sentence("half_erased", "half erased")
    if event.payload is not None and hashlib.sha256((event.salt or b"") + event.payload).digest() != event.digest:
        return Sentence("payload_was_changed", "the payload was changed")
    header = _header(
        event.case, event.seq, event.kind, event.actor, event.reason, event.at, event.flow_version, event.revision
    )
    if not hmac.compare_digest(_hash(ring.keys[event.key], previous, header, event.digest), event.hash):
        return Sentence("hash_does_not_follow", "the hash does not follow from the event and the one before it")
    return None


def _header(
    case: str, seq: int, kind: str, actor: str, reason: str | None, at: datetime, flow_version: int, revision: str
) -> bytes:
    microseconds = (at - _ZERO) // timedelta(microseconds=1)
    return json_text([case, seq, kind, actor, reason, microseconds, flow_version, revision]).encode("utf-8")


def _hash(key: bytes, previous: bytes, header: bytes, digest: bytes) -> bytes:
    return hmac.digest(key, previous + header + digest, "sha256")
