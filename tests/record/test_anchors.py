"""A record that was rewritten whole, keys and all, still differs from what was anchored outside."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.record.test_events import AT, CREATED, LIFE, RING, heads, record
from workflow.errors import DiskUnusable
from workflow.record.anchored_heads import AnchoredHeads
from workflow.record.anchors import NONE, Newest, acknowledge, anchor, ends_as_known, read_anchors
from workflow.record.events import Head
from workflow.record.places import event
from workflow.record.watch import Finding
from workflow.sentence import Sentence


def three(path: Path) -> list[str]:
    """A file of three anchors, by lines."""
    for length in (1, 2, 3):
        anchor(path, heads(record(*LIFE[:length])), RING, at=AT)
    return path.read_text().splitlines()


def damages(path: Path, *lines: str) -> list[tuple[str, str]]:
    path.write_text("\n".join(lines) + "\n")
    return [(found.place, found.what) for found in read_anchors(path, RING).damages]


def signed(path: Path) -> dict[str, list[Head]]:
    """The heads that the anchors of a file signed, by case."""
    with closing(AnchoredHeads()) as found:
        read_anchors(path, RING, found)
        return {case: sorted(hashes.items()) for case, hashes in found.take(list(found.left())).items()}


def test_an_anchor_holds_what_it_was_given_and_its_place_is_known(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    one, two = heads(record(*LIFE)), heads(record(CREATED, case="case-2"))
    assert anchor(path, {}, RING, at=AT) is None
    first, second = anchor(path, one, RING, at=AT), anchor(path, two, RING, at=AT)
    assert first is not None
    assert second is not None
    assert (first.number, first.start) == (1, 0)
    assert (second.number, second.start) == (2, len(path.read_bytes().splitlines(keepends=True)[0]))
    read = read_anchors(path, RING)
    assert (read.count, read.at, read.damages, read.newest) == (2, AT, [], second)
    assert signed(path) == {case: [head] for case, head in (one | two).items()}


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
    assert read_anchors(path, RING).count == 1


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
    assert (len(signed(path)), read_anchors(path, RING).damages) == (40, [])


def test_an_auditor_who_read_before_another_wrote_takes_nothing_back(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    events = record(*LIFE)
    newer, older = heads(events), heads(events[:2])
    for found in (newer, older):
        anchor(path, found, RING, at=AT)
    assert signed(path) == {"case-1": [older["case-1"], newer["case-1"]]}, "each is held against the events"


def test_what_a_person_said_of_a_case_counts_for_the_anchors_before_it(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    events, other = record(*LIFE), record(CREATED, case="case-2")
    newest = anchor(path, heads(events) | heads(other), RING, at=AT)
    found = Finding("I4", "case-1", "RZ-0001", event(6), Sentence("gone", "it was anchored and is gone"))
    acknowledge(path, [found], RING, by="person:clerk", reason="seen", at=AT, known=newest)
    assert set(signed(path)) == {"case-2"}
    anchor(path, heads(events[:2]), RING, at=AT)
    assert signed(path)["case-1"] == [heads(events[:2])["case-1"]]


def test_a_file_that_ends_as_the_database_knows_is_known_by_its_end(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    known = [anchor(path, heads(record(*LIFE[:length])), RING, at=AT) for length in (1, 2, 3)]
    lines = path.read_bytes().splitlines(keepends=True)
    assert ends_as_known(path, RING, known[2])
    assert ends_as_known(path, RING, known[1]), "its process ended between the two"
    assert not ends_as_known(path, RING, known[0])
    for unknown in (None, NONE, known[2] and known[2]._replace(start=None), known[2] and known[2]._replace(number=4)):
        assert not ends_as_known(path, RING, unknown)
    for told in (lines[:2], lines[1:], [*lines[:2], lines[2][:40]], [*lines, b"{\n"], [lines[0], *lines], lines[::-1]):
        path.write_bytes(b"".join(told))
        assert not ends_as_known(path, RING, known[2])
    path.write_bytes(b"".join([lines[0].replace(b"case-1", b"case-9"), *lines[1:]]))
    assert ends_as_known(path, RING, known[2]), "what lies before it is not read"
    path.unlink()
    assert not ends_as_known(path, RING, known[2])


def test_the_next_line_follows_the_last_one_that_holds_however_long_it_is(tmp_path: Path) -> None:
    """The end of the file is read, and no more of it than that takes."""
    path = tmp_path / "anchors.jsonl"
    many = {f"case-{number}": (1, bytes(32)) for number in range(3_000)}
    for found in (heads(record(CREATED)), many, heads(record(*LIFE))):
        anchor(path, found, RING, at=AT)
    for cut, damaged in (("", []), ("{half", ["line 5"])):
        with path.open("a") as file:
            file.write(cut)
        made = anchor(path, many, RING, at=AT)
        assert made is not None
        assert path.read_bytes()[made.start or 0 :].startswith(b'{"at"')
        read = read_anchors(path, RING)
        assert ([one.place for one in read.damages], read.newest) == (damaged, made)


def test_what_the_database_knows_may_not_be_changed_either(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    three(path)
    assert [one.place for one in read_anchors(path, RING).against(NONE)] == ["anchor", "anchor 3"]


def test_heads_that_find_no_room_on_the_disk_are_told_with_the_cure() -> None:
    with closing(AnchoredHeads()) as found:
        found._rows.execute("PRAGMA max_page_count = 9")
        with pytest.raises(DiskUnusable, match="SQLITE_TMPDIR"):
            found.add((f"case-{number}", 1, bytes(32)) for number in range(9_000))


def test_what_is_forgotten_and_finds_no_room_is_told_with_the_cure_too() -> None:
    with closing(AnchoredHeads()) as found:
        found._rows.execute("PRAGMA max_page_count = 3")
        with pytest.raises(DiskUnusable, match="SQLITE_TMPDIR"):
            found.forget("case " * 9_000)
