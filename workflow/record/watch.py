"""What a sound record always shows, looked for in rows as they lie there: bytes are verified before they are read.

I2 every live case waits for something that will come · I3 a case is the fold of its events · I4 chains, numbers and
anchors hold · I5 no unknown effect is forgotten · I7 no outcome of an epoch that was never given out · I8 each row
bears the seal of who wrote it here, and none is missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from workflow.record import places
from workflow.record.columns import instant_text, json_text
from workflow.record.events import BEGINNING, NOTHING, Event, Folded, Head, folded, wrong_event
from workflow.record.seals import BESIDE, COUNTS, Row, count_of, judge_seal
from workflow.record.tables import cases, effects
from workflow.record.values import OPEN
from workflow.record.vault import Ring
from workflow.sentence import Sentence

SLACK = timedelta(hours=1)
"""An unknown effect may wait this long after its deadline for the look that gives it to a person."""

LONGEST = timedelta(days=1, hours=1)
"""No lease lasts longer (settings.py). A longer one was written by hand, and keeps everybody off the case."""

INVARIANTS = ("I2", "I3", "I4", "I5", "I7", "I8")
KINDS = {invariant: f"audit_{invariant}" for invariant in INVARIANTS}
"""The kinds of incidents that an audit opens, by what is wrong."""

_KEYS = {effects: "key"}
_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, LookupError)


@dataclass(frozen=True)
class Finding:
    """What is wrong, with which row. number: of the case, or what stands in its place."""

    invariant: str
    case: str
    number: str
    place: Sentence
    """The row, as places.py calls it: case, event 5, effect abc, message abc, anchor 12."""
    what: Sentence
    content: str = ""
    """A digest of the row, so that another change of it is another finding."""

    @property
    def mark(self) -> str:
        """Tells this finding from others: sixteen hexadecimal digits."""
        said = json_text([self.invariant, self.case, self.place, self.what, self.content])
        return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:16]

    def __str__(self) -> str:
        return f"{self.number}, {self.place}: {self.what}"


def said_best(findings: Sequence[Finding]) -> list[Finding]:
    """Without "it was changed by another hand" where it is known what is wrong with the case's row."""
    known = {one.case for one in findings if one.invariant in ("I2", "I3", "I5")}
    return [one for one in findings if not (one.invariant == "I8" and one.place == places.CASE and one.case in known)]


def content_of(row: Any) -> str:
    """A digest of a row's values."""
    return hashlib.sha256(repr(row).encode(errors="replace")).hexdigest()[:16]


@dataclass
class Chain:
    """The events of one case, taken in order, and what is wrong with them so far."""

    case: str
    number: str
    ring: Ring
    anchored: dict[int, bytes] = field(default_factory=dict)
    """The heads that anchors signed, the hash by the seq; those that were met are taken out."""
    wrong: list[Finding] = field(default_factory=list)
    reached: Head = (0, BEGINNING)
    said: Folded = NOTHING
    """What the sound events say."""
    blank: dict[int, Finding] = field(default_factory=dict)
    """Events without a payload whose erasure was not met yet."""
    broken: bool = False

    def take(self, values: Sequence[Any]) -> None:
        """Take the next event: its columns as the driver gave them, in the order of the table."""
        try:
            event = _event(values)
            seq, previous = self.reached
            why = wrong_event(event, seq, previous, self.ring)
        except _UNREADABLE:
            self._find("I4", places.event(values[1]), Sentence("cannot_be_read_", "it cannot be read"), values)
            self.broken = True
            self.anchored.pop(values[1], None)
            if type(values[1]) is int and isinstance(values[-1], bytes):
                self.reached = (values[1], values[-1])
            return
        if why is not None:
            gap = event.seq != seq + 1
            self._find("I4", places.event(seq + 1 if gap and event.seq > seq else event.seq), why, values)
            self.broken = True
        if isinstance(values[5], str) and values[5] != instant_text(event.at):
            what = Sentence("time_not_written_as", "its time is not written as it was here")
            self._find("I4", places.event(event.seq), what, values)
        self.reached = (event.seq, event.hash)
        if self.anchored.pop(event.seq, event.hash) != event.hash:
            what = Sentence("not_one_that_was", "it is not the one that was anchored")
            self._find("I4", places.event(event.seq), what, values)
            self.anchored.clear()  # the events behind it are others too
        if event.payload is None:
            self.blank[event.seq] = Finding(
                "I4",
                self.case,
                self.number,
                places.event(event.seq),
                Sentence("blank_and_no_erasure", "it is blank and no erasure is on record"),
            )
        elif event.kind == "erased" and why is None:
            self.blank.clear()
        if not self.broken:
            self._fold(event)

    def end(self, row: Row) -> None:
        """After the last event: they must lead to where the case's row stands."""
        seq, head = self.reached
        self.wrong += self.blank.values()
        if seq == 0:
            self._find("I4", places.event(1), Sentence("case_has_no_events", "the case has no events"), row["seq"])
        elif (row["seq"], row["head"]) != (seq, head.hex()):
            what = Sentence(
                "case_stands_at_events", "the case stands at {seq}, its events end at {last}", seq=row["seq"], last=seq
            )
            if row["seq"] == seq:
                what = Sentence("case_head_not_hash", "the case's head is not the hash of its last event")
            self._find("I4", places.event(seq), what, (row["seq"], row["head"]))
        if self.anchored:
            first = min(self.anchored.items())
            what = Sentence("was_anchored_and_gone", "it was anchored and is gone")
            self._find("I4", places.event(first[0]), what, first)

    def _fold(self, event: Event) -> None:
        try:
            self.said = folded(self.said, event)
        except _UNREADABLE:
            self._find("I4", places.event(event.seq), Sentence("cannot_be_read_", "it cannot be read"), event.seq)
            self.broken = True

    def _find(self, invariant: str, place: Sentence, what: Sentence, content: Any) -> None:
        self.wrong.append(Finding(invariant, self.case, self.number, place, what, content_of(content)))


def of_case(
    row: Row, chain: Chain, beside: Mapping[str, Sequence[Row]], now: datetime, real: datetime | None = None
) -> list[Finding]:
    """What is wrong with one case, the first bad row first, after its events were taken. real: see LONGEST."""
    case, number = chain.case, chain.number

    def finding(invariant: str, place: Sentence, what: Sentence, content: Any = None) -> Finding:
        return Finding(invariant, case, number, place, what, content_of(content) if content is not None else "")

    found = list(chain.wrong)
    if not chain.broken and not chain.blank and chain.said.seq == row["seq"]:
        found += [finding("I3", places.CASE, what, content) for what, content in _unlike(row, chain.said)]
    if not (row["final"] or row["due_at"] or row["owner"] or row["barred"] or row["held"] or row["deferred"]):
        what = Sentence("waits_for_nothing_that", "it waits for nothing that will come")
        found.append(finding("I2", places.CASE, what))
    if real is not None and _is_later(row["lease_until"], real + LONGEST):
        what = Sentence("leased_too_long", "it is leased for longer than any lease lasts")
        found.append(finding("I2", places.CASE, what, row["lease_until"]))
    for one in beside.get(effects.name, ()):
        found += [finding(invariant, places.effect(one["key"]), what) for invariant, what in _of_effect(row, one, now)]
    sound = judge_seal(chain.ring, cases, row)
    if sound != "holds":
        found.append(finding("I8", places.CASE, _SAID[sound], dict(row)))
    counted = dict.fromkeys(COUNTS, 0)
    for table in BESIDE:
        for one in beside.get(table.name, ()):
            place = places.OF_TABLE[table.name](one[_KEYS.get(table, "id")])
            judged = judge_seal(chain.ring, table, one)
            if judged != "holds":
                found.append(finding("I8", place, _SAID[judged], dict(one)))
                counted = {}
            elif counted:
                counted[count_of(table)] += one["written"]
    if counted and sound == "holds":
        for name, written in counted.items():
            if row[name] != written:
                what = Sentence(
                    "writes_are_on_record",
                    "{counted} writes are on record, {there} are there",
                    counted=row[name],
                    there=written,
                )
                found.append(finding("I8", PLACES[name], what))
    return found


_SAID = {
    "missing": Sentence("has_no_seal", "it has no seal"),
    "broken": Sentence("was_changed_by_another", "it was changed by another hand"),
}
PLACES = {COUNTS[0]: places.EFFECTS, COUNTS[1]: places.BESIDE}


def _event(values: Sequence[Any]) -> Event:
    case, seq, kind, actor, reason, at, version, revision, payload, salt, digest, key, hash_ = values
    at = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    for one in (seq, version):
        if type(one) is not int:
            raise TypeError("not a number")
    blobs = [None if one is None else bytes(one) for one in (payload, salt, digest, hash_) if not isinstance(one, str)]
    payload, salt, digest, hash_ = blobs  # ValueError where one is text
    if digest is None or hash_ is None:
        raise TypeError("a digest is missing")
    return Event(
        case, seq, kind, actor, reason, at.astimezone(UTC), version, revision, payload, salt, digest, key, hash_
    )


def _unlike(row: Row, said: Folded) -> Iterator[tuple[Sentence, Any]]:
    """Where the row differs from its events, with both values."""
    decision = _read(row["decision"])
    stands = {
        "state": (row["state"], said.state),
        "data": (_read(row["data"]), said.data),
        "round": (row["round"], said.round),
        "decision": (decision.get("number") if isinstance(decision, dict) else decision, said.decision),
        "held": (row["held"], said.hold),
        "flow_version": (row["flow_version"], said.flow_version),
    }
    for name, (is_, told) in stands.items():
        if is_ != told:
            yield Sentence("not_what_events_say", "{name} is not what its events say", name=name), (is_, told)


def _read(text: Any) -> Any:
    try:
        return None if text is None else json.loads(text)
    except _UNREADABLE:
        return text


def _of_effect(row: Row, effect: Row, now: datetime) -> Iterator[tuple[str, Sentence]]:
    try:
        yield from _doubtful(row, effect, now)
    except _UNREADABLE:
        return  # its seal tells


def _doubtful(row: Row, effect: Row, now: datetime) -> Iterator[tuple[str, Sentence]]:
    # a due case is on its way: late looks are no fault of the record, and the clock may have jumped
    due, deadline = _instant(row["due_at"]), _instant(effect["deadline"])
    looked_at = due is None or due > now
    name = f"{effect['action']} {effect['item_id']}"
    open_one = effect["status"] in OPEN and not row["barred"] and not row["final"] and looked_at
    if open_one and deadline is not None and deadline + SLACK < now:
        at = _instant(effect["intended_at"])
        yield "I5", Sentence("unknown_since", "{action} is unknown since {at}", action=name, at=at)
    given = (row["epoch_timeline"], row["epoch_number"])
    if (effect["epoch_timeline"], effect["epoch_number"]) > given:
        epoch = f"{effect['epoch_timeline']}.{effect['epoch_number']}"
        yield (
            "I7",
            Sentence("has_epoch_never_given", "{action} has epoch {epoch}, never given out", action=name, epoch=epoch),
        )


def _is_later(value: Any, than: datetime) -> bool:
    try:
        at = _instant(value)
        return at is not None and at > than
    except _UNREADABLE:
        return True


def _instant(value: Any) -> datetime | None:
    return value if value is None or isinstance(value, datetime) else datetime.fromisoformat(value)
