"""A file of rows that was cut off or spoilt on its way is named, and takes nothing in by mistake."""

from __future__ import annotations

import json
import random

from tests.intake.test_tables import as_csv, flat, lined
from tests.registration.particulars import TODAY, row
from tests.systems import read


def test_a_file_cut_at_any_length_is_named_and_takes_in_nothing() -> None:
    whole = json.dumps([row()], ensure_ascii=False).encode()
    for end in range(len(whole)):
        cut = read(whole[:end], TODAY)
        assert (cut.rows, bool(cut.problems)) == ((), True), end


def test_a_file_with_any_bit_turned_is_taken_or_named() -> None:
    whole, dice = json.dumps([row()], ensure_ascii=False).encode(), random.Random(7)
    for _ in range(1500):
        spoilt = bytearray(whole)
        spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
        found = read(bytes(spoilt), TODAY)
        assert bool(found.rows) != bool(found.problems)
        assert all(problem.en and problem.zh and problem.text("en").isprintable() for problem in found.problems)


def test_a_table_cut_or_with_any_bit_turned_is_taken_or_named() -> None:
    whole, dice = as_csv(lined(flat(row()))).encode(), random.Random(3)
    for _ in range(300):
        spoilt = bytearray(whole[: dice.randrange(1, len(whole))] if dice.random() < 0.3 else whole)
        spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
        found = read(bytes(spoilt), TODAY)
        assert bool(found.rows) != bool(found.problems)
        assert all(problem.text("en").isprintable() for problem in found.problems)
