"""Tampering with the file of anchors, and with what the database remembers of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from tests.attack.records.attempt import KINDS, Attempt, Bad, bad, kind


def of_anchors(name: str, change: Callable[[list[bytes], random.Random], list[bytes]]) -> None:
    def kind(attempt: Attempt) -> Bad:
        path = attempt.folder / "anchors.jsonl"
        before = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(change(list(before), attempt.chance)))
        return bad("anchors", "line", "anchor")

    KINDS[f"anchors {name}"] = kind


of_anchors("cut at the end", lambda rows, chance: rows[: chance.randrange(len(rows))])
of_anchors("cut at the front", lambda rows, chance: rows[chance.randint(1, len(rows) - 1) :])
of_anchors("one taken out", lambda rows, chance: [one for n, one in enumerate(rows) if n != len(rows) // 2])
of_anchors("one changed", lambda rows, _: [rows[0].replace(b'"number":1', b'"number":2'), *rows[1:]])
of_anchors("turned round", lambda rows, _: rows[::-1])
of_anchors("half a line", lambda rows, _: [*rows[:-1], rows[-1][: len(rows[-1]) // 2]])
of_anchors("one twice", lambda rows, _: [rows[0], *rows])


@kind
def the_file_of_anchors_taken_away(attempt: Attempt) -> Bad:
    (attempt.folder / "anchors.jsonl").unlink()
    return bad("anchors", "anchor")


@kind
def the_newest_anchor_forgotten(attempt: Attempt) -> Bad:
    attempt.rows.write("DELETE FROM installation WHERE name = 'anchor'")
    return bad("anchors", "anchor")


@kind
def the_newest_anchor_set_back(attempt: Attempt) -> Bad:
    """With the file cut to match it; the word of the database is signed too."""
    (row,) = attempt.rows.read("SELECT value FROM installation WHERE name = 'anchor'")
    path = attempt.folder / "anchors.jsonl"
    kept = path.read_bytes().splitlines(keepends=True)[:1]
    path.write_bytes(b"".join(kept))
    first = json.loads(kept[0])
    value = {**json.loads(row["value"]), "number": 1, "signature": first["signature"]}
    attempt.rows.write("UPDATE installation SET value = ? WHERE name = 'anchor'", json.dumps(value))
    return bad("anchors", "anchor")
