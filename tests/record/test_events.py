"""The record is a chain: what happened can be folded from it, and nothing in it can be changed unseen."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.record.events import BEGINNING, Event, Folded, canonical, chain, fold, verify
from workflow.record.values import Entry, EntryKind, Json
from workflow.record.vault import Ring

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
RING = Ring("k1", {"k1": bytes(range(32))})
CREATED = ("created", {"state": "unprocessed", "data": {"title": "A"}, "round": 0, "subject": "A"})
Told = tuple[str, Json]


def record(*told: Told, case: str = "case-1", ring: Ring = RING) -> list[Event]:
    entries = [Entry(kind, body, "worker:one", "why") for kind, body in told]  # type: ignore[arg-type]
    made = chain(entries, case=case, after=(0, BEGINNING), at=AT, flow_version=1, revision="r1", ring=ring)
    return list(made)


def heads(events: list[Event]) -> dict[str, tuple[int, bytes]]:
    return {event.case: (event.seq, event.hash) for event in events}


LIFE: tuple[Told, ...] = (
    CREATED,
    ("decided", {"number": 1, "line": "ordering"}),
    ("moved", {"from": "unprocessed", "to": "generating", "patch": {"order": 7}, "round": 0}),
    ("stayed", {"line": "save_draft", "patch": {"draft": "d"}}),
    ("changed", {"patch": {"title": "B"}}),
    ("moved", {"from": "generating", "to": "submitted", "patch": {}, "round": 1}),
)


def test_the_fold_tells_state_data_and_round() -> None:
    assert fold(record(*LIFE)) == Folded("submitted", {"title": "B", "order": 7, "draft": "d"}, 1, None, None, 1, 6)


def test_a_decision_stands_until_something_ends_it() -> None:
    decided: Told = ("decided", {"number": 4, "line": "x"})
    assert fold(record(CREATED, decided)).decision == 4
    ends: list[Told] = [
        ("moved", {"from": "a", "to": "b", "round": 0}),
        ("stayed", {"line": "x"}),
        ("abandoned", {"number": 4}),
        ("forced", {"from": "a", "to": "b", "round": 0}),
    ]
    for end in ends:
        assert fold(record(CREATED, decided, end)).decision is None
    assert fold(record(CREATED, decided, ("changed", {"patch": {}}))).decision == 4


def test_a_hold_and_an_upgrade_are_folded() -> None:
    held: Told = ("held", {"reason": "a question"})
    assert fold(record(CREATED, held)).hold == "a question"
    assert fold(record(CREATED, held, ("resumed", {}))).hold is None
    upgraded = fold(record(CREATED, ("upgraded", {"from": 1, "to": 2, "state": "untouched"})))
    assert (upgraded.flow_version, upgraded.state) == (2, "untouched")
    assert fold(record(CREATED, ("upgraded", {"from": 1, "to": 2}))).state == "unprocessed"


def test_a_whole_chain_verifies() -> None:
    events = record(*LIFE)
    assert verify(events, heads(events), RING) is None


def test_the_same_payload_is_digested_differently_each_time() -> None:
    (first,), (second,) = record(CREATED), record(CREATED)
    assert first.payload == second.payload
    assert first.digest != second.digest


@pytest.mark.parametrize("place", range(len(LIFE)))
@pytest.mark.parametrize(
    "change",
    [
        {"actor": "person:nobody"},
        {"reason": "another"},
        {"at": AT + timedelta(microseconds=1)},
        {"kind": "noted"},
        {"flow_version": 2},
        {"revision": "r2"},
        {"payload": b"{}"},
        {"salt": bytes(16)},
        {"digest": bytes(32)},
        {"hash": bytes(32)},
        {"payload": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_part_of_an_event_can_be_changed(place: int, change: dict[str, object]) -> None:
    events = record(*LIFE)
    head = heads(events)
    events[place] = replace(events[place], **change)  # type: ignore[arg-type]
    bad = verify(events, head, RING)
    assert bad is not None
    assert (bad.case, bad.seq) == ("case-1", place + 1)


@pytest.mark.parametrize("place", range(len(LIFE)))
def test_no_event_can_be_taken_out(place: int) -> None:
    events = record(*LIFE)
    head = heads(events)
    bad = verify(events[:place] + events[place + 1 :], head, RING)
    assert bad is not None
    assert bad.seq == place + 1


def test_events_cannot_change_places_or_cases() -> None:
    events, others = record(*LIFE), record(*LIFE, case="case-2")
    swapped = [events[0], replace(events[2], seq=2), replace(events[1], seq=3), *events[3:]]
    assert verify(swapped, heads(events), RING) == (
        "case-1",
        2,
        "the hash does not follow from the event and the one before it",
    )
    moved = [*events[:3], replace(others[3], case="case-1"), *events[4:]]
    bad = verify(moved, heads(events), RING)
    assert bad is not None
    assert bad.seq == 4


def test_a_case_cannot_be_invented_or_lose_its_record() -> None:
    events = record(*LIFE)
    assert verify(events, {}, RING) == ("case-1", 1, "there is no such case")
    assert verify([], heads(events), RING) == ("case-1", 1, "the case stands at 6, its events end at 0")


def test_a_chain_of_another_key_does_not_verify() -> None:
    events = record(*LIFE)
    stranger = verify(events, heads(events), Ring("k1", {"k1": bytes(32)}))
    assert stranger is not None
    assert stranger.seq == 1
    missing = verify(events, heads(events), Ring("k2", {"k2": bytes(32)}))
    assert missing is not None
    assert "k1 is not in the key ring" in missing.why


def test_a_chain_goes_on_under_a_new_key() -> None:
    both = Ring("k2", {"k1": RING.keys["k1"], "k2": bytes(32)})
    first = record(*LIFE)
    more = chain(
        [Entry("noted", {"text": "x"}, "person:clerk")],
        case="case-1", after=(6, first[-1].hash), at=AT, flow_version=1, revision="r2", ring=both,
    )  # fmt: skip
    events = [*first, *more]
    assert verify(events, heads(events), both) is None


def test_an_erased_event_keeps_its_place_in_the_chain() -> None:
    events = [replace(event, payload=None, salt=None) for event in record(*LIFE)]
    body = {"state": "granted", "data": {}, "round": 1, "decision": None, "hold": None}
    events += chain(
        [Entry("erased", body, "person:clerk")],
        case="case-1", after=(6, events[-1].hash), at=AT, flow_version=1, revision="r1", ring=RING,
    )  # fmt: skip
    assert verify(events, heads(events), RING) is None
    assert fold(events) == Folded("granted", {}, 1, None, None, 1, 7)


@pytest.mark.parametrize("body", [{"n": math.nan}, {"n": math.inf}])
def test_what_is_not_plain_json_is_not_recorded(body: Json) -> None:
    with pytest.raises(ValueError):
        canonical(body)


def test_half_a_character_is_recorded_as_json_escapes_it() -> None:
    assert canonical({"text": "\ud800"}) == b'{"text":"\\ud800"}'
    assert json.loads(canonical({"text": "\ud800"})) == {"text": "\ud800"}


TEXT = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
)
PATCHES = st.lists(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), max_size=8)


@given(PATCHES)
def test_the_fold_of_any_changes_is_their_union(patches: list[dict[str, object]]) -> None:
    kinds: list[EntryKind] = ["changed", "stayed", "settled"]
    told: list[Told] = [(kinds[place % 3], {"patch": patch}) for place, patch in enumerate(patches)]
    events = record(CREATED, *told)
    wanted: dict[str, object] = {"title": "A"}
    for patch in patches:
        wanted |= patch
    assert fold(events).data == wanted
    assert verify(events, heads(events), RING) is None
