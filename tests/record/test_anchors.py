"""A record that was rewritten whole, keys and all, still differs from what was anchored outside."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.record.test_events import AT, CREATED, LIFE, RING, heads, record
from workflow.anchors import AnchorsDamaged, anchor, anchored, read_anchors, verify_anchors
from workflow.events import Event


def by_seq(events: list[Event]) -> dict[tuple[str, int], Event]:
    return {(event.case, event.seq): event for event in events}


def test_only_what_changed_is_anchored(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    one, two = record(*LIFE), record(CREATED, case="case-2")
    assert anchor(path, heads(one), RING, at=AT) is not None
    assert anchor(path, heads(one), RING, at=AT) is None
    both = heads(one) | heads(two)
    second = anchor(path, both, RING, at=AT)
    assert second is not None
    assert set(second.heads) == {"case-2"}
    assert anchored(read_anchors(path, RING)) == both
    assert verify_anchors(read_anchors(path, RING), by_seq([*one, *two])) is None


def test_a_chain_rewritten_after_its_anchor_is_found(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    events = record(*LIFE)
    anchor(path, heads(events), RING, at=AT)
    rewritten = verify_anchors(read_anchors(path, RING), by_seq(record(*LIFE)))
    assert rewritten is not None
    assert (rewritten.case, rewritten.seq) == ("case-1", 6)
    shortened = verify_anchors(read_anchors(path, RING), by_seq(events[:4]))
    assert shortened is not None
    assert "is gone" in shortened.why


def test_the_file_itself_cannot_be_changed_cut_or_reordered(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    for length in (1, 2, 3):
        anchor(path, heads(record(*LIFE[:length])), RING, at=AT)
    lines = path.read_text().splitlines()
    changed = json.loads(lines[1])
    changed["heads"][0][1] = 9
    for damaged in ([lines[0], json.dumps(changed), lines[2]], lines[1:], [lines[0], lines[2]], [lines[0], "{"]):
        path.write_text("\n".join(damaged) + "\n")
        with pytest.raises(AnchorsDamaged, match=r"line \d"):
            read_anchors(path, RING)


def test_anchors_of_several_auditors_at_once_stand_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    each = [heads(record(CREATED, case=f"case-{number}")) for number in range(40)]
    with ThreadPoolExecutor(8) as auditors:
        made = list(auditors.map(lambda found: anchor(path, found, RING, at=AT), each))
    assert all(made)
    assert len(anchored(read_anchors(path, RING))) == 40


def test_an_auditor_who_read_before_another_wrote_takes_nothing_back(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    events = record(*LIFE)
    anchor(path, heads(events), RING, at=AT)
    assert anchor(path, heads(events[:2]), RING, at=AT) is None
    assert anchored(read_anchors(path, RING)) == heads(events)
