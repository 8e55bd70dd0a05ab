"""A record that was rewritten whole, keys and all, still differs from what was anchored outside."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.record.test_events import AT, CREATED, LIFE, RING, heads, record
from workflow.record.anchors import NONE, Newest, acknowledge, anchor, read_anchors


def three(path: Path) -> list[str]:
    """A file of three anchors, by lines."""
    for length in (1, 2, 3):
        anchor(path, heads(record(*LIFE[:length])), RING, at=AT)
    return path.read_text().splitlines()


def damages(path: Path, *lines: str) -> list[tuple[str, str]]:
    path.write_text("\n".join(lines) + "\n")
    return [(found.place, found.what) for found in read_anchors(path, RING).damages]


def test_only_what_changed_is_anchored(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    one, two = record(*LIFE), record(CREATED, case="case-2")
    assert anchor(path, heads(one), RING, at=AT) is not None
    assert anchor(path, heads(one), RING, at=AT) is None
    both = heads(one) | heads(two)
    second = anchor(path, both, RING, at=AT)
    assert second is not None
    assert second.number == 2
    read = read_anchors(path, RING)
    assert set(read.anchors[1].heads) == {"case-2"}
    assert (read.heads, read.damages, read.newest) == (both, [], second)


def test_a_line_that_was_changed_cut_or_put_elsewhere_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    lines = three(path)
    changed = json.loads(lines[1])
    changed["heads"][0][1] = 9
    missing = "the one before it is missing"
    assert damages(path, *lines) == []
    assert damages(path, lines[0], json.dumps(changed), lines[2]) == [("line 2", "it was changed"), ("line 3", missing)]
    assert damages(path, *lines[1:]) == [("line 1", missing)]
    assert damages(path, lines[0], lines[2]) == [("line 2", missing)]
    assert damages(path, lines[1], lines[0], lines[2]) == [
        ("line 1", missing),
        ("line 2", missing),
        ("line 3", missing),
    ]
    for noise in ("{", "7", "[]", "null", '{"signature": 7, "key": []}', "\ud83d".encode("utf-8", "replace").decode()):
        assert damages(path, lines[0], noise) == [("line 2", "this is not an anchor")], noise
    assert len(read_anchors(path, RING).anchors) == 1


def test_what_the_database_knows_and_the_file_does_not_hold_is_told(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    lines = three(path)
    newest = read_anchors(path, RING).newest
    assert read_anchors(path, RING).against(newest) == []
    cut = "the database knows it, and the file does not hold it"
    path.write_text("\n".join(lines[:2]) + "\n")
    assert [(one.place, one.what) for one in read_anchors(path, RING).against(newest)] == [("anchor 3", cut)]
    path.unlink()
    assert [(one.place, one.what) for one in read_anchors(path, RING).against(newest)] == [("anchor 3", cut)]


def test_a_file_that_is_newer_than_the_database_is_told_but_for_one_line(tmp_path: Path) -> None:
    """A process may end between its line and the database's word of it; two such lines are a database put back."""
    path = tmp_path / "anchors.jsonl"
    lines = [json.loads(line) for line in three(path)]
    second, first = (Newest(line["number"], line["signature"]) for line in (lines[1], lines[0]))
    assert read_anchors(path, RING).against(second) == []
    for known in (first, None):
        (found,) = read_anchors(path, RING).against(known)
        assert found.place == "anchor 3"


def test_what_a_person_acknowledged_is_told_no_more_and_the_file_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    lines = three(path)
    known = read_anchors(path, RING).newest
    path.write_text("\n".join([lines[0], "{"]) + "\n")
    found = read_anchors(path, RING).against(known)
    assert [one.place for one in found] == ["line 2", "anchor 3"]
    newest = acknowledge(path, found, RING, by="person:clerk", reason="the disk was full", at=AT, known=known)
    assert newest.number == 4
    read = read_anchors(path, RING)
    assert {one.mark for one in read.against(newest)} <= read.acknowledged
    assert anchor(path, heads(record(*LIFE)), RING, at=AT) is not None
    assert {one.mark for one in read_anchors(path, RING).damages} <= read.acknowledged


def test_anchors_of_several_auditors_at_once_stand_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    each = [heads(record(CREATED, case=f"case-{number}")) for number in range(40)]
    with ThreadPoolExecutor(8) as auditors:
        made = list(auditors.map(lambda found: anchor(path, found, RING, at=AT), each))
    assert all(made)
    read = read_anchors(path, RING)
    assert (len(read.heads), read.damages) == (40, [])


def test_an_auditor_who_read_before_another_wrote_takes_nothing_back(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    events = record(*LIFE)
    anchor(path, heads(events), RING, at=AT)
    assert anchor(path, heads(events[:2]), RING, at=AT) is None
    assert read_anchors(path, RING).heads == heads(events)


def test_what_the_database_knows_may_not_be_changed_either(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    three(path)
    assert [one.place for one in read_anchors(path, RING).against(NONE)] == ["anchor", "anchor 3"]
