"""The kinds of tampering: what another hand writes into a record, and which row is then the bad one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.attack.records.record import Hand, Original


class Bad(NamedTuple):
    """Where the first finding must point: one of these cases (by number; "" any), one of these kinds of rows."""

    numbers: frozenset[str]
    places: frozenset[str]


@dataclass
class Attempt:
    """One try: a hand in the database, the folder with the anchors, chance, and the sound record's earlier rows."""

    rows: Hand
    folder: Path
    chance: random.Random
    sound: Original

    def case(self, where: str = "1 = 1") -> dict[str, Any]:
        found = self.rows.read(f"SELECT * FROM cases WHERE {where} ORDER BY number")
        return self.chance.choice(found)

    def row(self, table: str, where: str = "1 = 1") -> dict[str, Any]:
        found = self.rows.read(f'SELECT * FROM {table} WHERE {where} ORDER BY "case"')
        return self.chance.choice(found)

    def number(self, case: str) -> str:
        found = self.rows.read("SELECT number FROM cases WHERE id = ?", case)
        return str(found[0]["number"]) if found else case


Kind = Callable[[Attempt], Bad | None]
KINDS: dict[str, Kind] = {}
"""By name. None: this database refuses such a write, or there is no row for it."""

_KEY = {"cases": ("id",), "events": ("case", "seq"), "effects": ("case", "key")}
_NOUN = {
    "cases": "case", "events": "event", "effects": "effect", "incidents": "incident", "messages": "message",
    "documents": "document", "checks": "wait",
}  # fmt: skip


def bad(number: str, *places: str) -> Bad:
    return Bad(frozenset({number}), frozenset(places))


def same(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    """The condition that names a row, and its values."""
    names = _KEY.get(table, ("id",))
    return " AND ".join(f'"{name}" = ?' for name in names), [row[name] for name in names]


def edits(table: str, column: str, value: Callable[[Attempt, Any], Any], where: str = "1 = 1", also: str = "") -> None:
    """A kind that writes another value into a column."""

    def kind(attempt: Attempt) -> Bad | None:
        row = attempt.case(where) if table == "cases" else attempt.row(table, where)
        new = value(attempt, row[column])
        if new == row[column]:
            return None
        condition, given = same(table, row)
        attempt.rows.write(f'UPDATE {table} SET "{column}" = ? WHERE {condition}', new, *given)
        number = row["number"] if table == "cases" else attempt.number(row["case"])
        if table == "cases" and column == "number":
            number = str(new)
        places = [_NOUN[table], *(["event"] if table == "cases" else [])]
        return bad(number, *places)

    KINDS[f"{table}.{column}{also}"] = kind


def kind(function: Kind) -> Kind:
    KINDS[function.__name__] = function
    return function


def to(value: Any) -> Callable[[Attempt, Any], Any]:
    return lambda _, __: value


def later(attempt: Attempt, value: Any) -> Any:
    """Another instant, as the column holds it."""
    if not isinstance(value, str):
        return value.replace(year=value.year + attempt.chance.randint(1, 70))
    return f"{2027 + attempt.chance.randint(0, 70)}{value[4:]}"


def more(attempt: Attempt, value: Any) -> int:
    return int(value) + attempt.chance.randint(1, 9)


def other_text(attempt: Attempt, value: Any) -> str:
    return f"{value or ''}{attempt.chance.randint(1, 9999)}"


def other_json(attempt: Attempt, value: Any) -> str:
    read = json.loads(value) if value else {}
    told = read if isinstance(read, dict) else {"was": read}
    return json.dumps({**told, "put": attempt.chance.randint(1, 9999)})


def other_bytes(attempt: Attempt, value: Any) -> bytes:
    raw = bytearray(value)
    place = attempt.chance.randrange(len(raw))
    raw[place] ^= 1 << attempt.chance.randrange(8)
    return bytes(raw)


for column, value in {
    "state": to("granted"), "data": other_json, "round": more, "decisions": more, "flow_version": more,
    "subject": other_text, "origin": other_text, "flow": to("accounts"), "queue": to("browser"),
    "opened_at": later, "entered_at": later, "failures": more, "suspicion": more, "number": other_text,
    "deferred": to("seat"), "check_digest": other_text, "check_body": other_json, "check_count": to(77),
    "account": to("another"), "head": to("00" * 32), "seq": more, "effects_written": more, "beside_written": more,
    "seal": other_text,
}.items():  # fmt: skip
    edits("cases", column, value)
edits("cases", "due_at", later, "due_at IS NOT NULL", " later")
edits("cases", "due_at", to(None), "due_at IS NOT NULL", " never")
edits("cases", "held", to("by nobody"), "held IS NULL", " put")
edits("cases", "held", to(None), "held IS NOT NULL", " lifted")
edits("cases", "decision", to('{"number": 1, "planned": []}'), also=" put")
edits("cases", "data", to("{half"), also=" spoilt")
edits("cases", "data", to("{}"), also=" emptied")
edits("cases", "seal", to(None), also=" gone")
for column, value in {
    "payload": other_bytes, "salt": other_bytes, "digest": other_bytes, "hash": other_bytes,
}.items():  # fmt: skip
    edits("events", column, value, "payload IS NOT NULL")
for column, value in {
    "kind": to("noted"), "actor": other_text, "reason": other_text, "at": later, "flow_version": more,
    "revision": other_text, "key": other_text,
}.items():  # fmt: skip
    edits("events", column, value)
edits("events", "payload", to(b"{half"), "payload IS NOT NULL", " spoilt")
for column, value in {
    "action": other_text, "item_id": other_text, "item": other_json, "attempt": more, "status": to("intended"),
    "result": other_json, "why": other_text, "deadline": to(None), "intended_at": later, "evidence": to('["x"]'),
    "decision": more, "process": other_text, "refusals": more, "renewed": more, "written": more, "round": more,
    "epoch_number": more,
}.items():  # fmt: skip
    edits("effects", column, value)
for column, value in {
    "kind": other_text, "cause": other_text, "seen": other_json, "closed_at": later, "closed_by": other_text,
    "opened_at": later, "effect": other_text,
}.items():  # fmt: skip
    edits("incidents", column, value, "closed_at IS NOT NULL" if column == "closed_at" else "1 = 1")
for column, value in {
    "text": other_text, "address": other_text, "status": to("queued"), "recipient": other_text, "channel": to("mail"),
    "why": other_text, "number": other_text, "occasion": other_text, "due_at": later, "round": more,
}.items():  # fmt: skip
    edits("messages", column, value)
for column, value in {
    "digest": to("0" * 64), "name": other_text, "kind": to("seal"), "size": more, "media_type": to("text/html"),
    "at": later,
}.items():  # fmt: skip
    edits("documents", column, value)
for column, value in {"body": other_json, "count": more, "first": later, "last": later, "digest": other_text}.items():
    edits("checks", column, value)


@kind
def a_case_ended_by_hand(attempt: Attempt) -> Bad:
    row = attempt.case("NOT final")
    attempt.rows.write("UPDATE cases SET final = ? WHERE id = ?", True, row["id"])
    return bad(row["number"], "case")


@kind
def a_case_begun_anew_by_hand(attempt: Attempt) -> Bad:
    row = attempt.case("final")
    attempt.rows.write("UPDATE cases SET final = ?, due_at = opened_at WHERE id = ?", False, row["id"])
    return bad(row["number"], "case")


@kind
def a_switch_turned(attempt: Attempt) -> Bad:
    row, name = attempt.case(), attempt.chance.choice(("auto", "barred"))
    attempt.rows.write(f"UPDATE cases SET {name} = NOT {name} WHERE id = ?", row["id"])
    return bad(row["number"], "case")


@kind
def a_case_without_events(attempt: Attempt) -> Bad:
    row = attempt.case()
    attempt.rows.put("cases", {**row, "id": "made-up", "number": "RZ-9999", "origin": None, "subject": None, "seq": 0})
    return bad("RZ-9999", "event", "case")


@kind
def a_case_taken_away_whole(attempt: Attempt) -> Bad:
    row = attempt.case()
    for table in ("events", "effects", "incidents", "messages", "documents", "checks", "secrets"):
        attempt.rows.write(f'DELETE FROM {table} WHERE "case" = ?', row["id"])
    attempt.rows.write("DELETE FROM cases WHERE id = ?", row["id"])
    return Bad(frozenset({row["id"], "RZ-*"}), frozenset({"case", "numbers"}))


@kind
def a_case_taken_away_alone(attempt: Attempt) -> Bad:
    row = attempt.case()
    attempt.rows.write("DELETE FROM cases WHERE id = ?", row["id"])
    return Bad(frozenset({row["id"], "RZ-*"}), frozenset({*_NOUN.values(), "numbers"}))


@kind
def the_events_of_a_case_taken_away(attempt: Attempt) -> Bad:
    row = attempt.case()
    attempt.rows.write('DELETE FROM events WHERE "case" = ?', row["id"])
    return bad(row["number"], "event")


@kind
def an_event_taken_out(attempt: Attempt) -> Bad:
    row = attempt.row("events")
    attempt.rows.write('DELETE FROM events WHERE "case" = ? AND seq = ?', row["case"], row["seq"])
    return bad(attempt.number(row["case"]), "event")


@kind
def the_last_event_cut_off_and_the_case_set_back(attempt: Attempt) -> Bad:
    row = attempt.case()
    attempt.rows.write('DELETE FROM events WHERE "case" = ? AND seq = ?', row["id"], row["seq"])
    last = attempt.rows.read('SELECT hash FROM events WHERE "case" = ? AND seq = ?', row["id"], row["seq"] - 1)
    head = bytes(last[0]["hash"]).hex()
    attempt.rows.write("UPDATE cases SET seq = ?, head = ? WHERE id = ?", row["seq"] - 1, head, row["id"])
    return bad(row["number"], "case", "event")


@kind
def an_event_blanked(attempt: Attempt) -> Bad:
    row = attempt.row("events", "payload IS NOT NULL")
    attempt.rows.write(
        'UPDATE events SET payload = NULL, salt = NULL WHERE "case" = ? AND seq = ?', row["case"], row["seq"]
    )
    return bad(attempt.number(row["case"]), "event")


@kind
def an_event_put_in(attempt: Attempt) -> Bad:
    case = attempt.case()
    last = attempt.rows.read('SELECT * FROM events WHERE "case" = ? AND seq = ?', case["id"], case["seq"])[0]
    attempt.rows.put("events", {**last, "seq": case["seq"] + 1})
    return bad(case["number"], "event")


@kind
def two_events_swapped(attempt: Attempt) -> Bad | None:
    case = attempt.case()
    if case["seq"] < 3:
        return None
    first = attempt.chance.randint(1, case["seq"] - 1)
    for old, new in ((first, -1), (first + 1, first), (-1, first + 1)):
        attempt.rows.write('UPDATE events SET seq = ? WHERE "case" = ? AND seq = ?', new, case["id"], old)
    return bad(case["number"], "event")


@kind
def an_event_of_another_case(attempt: Attempt) -> Bad | None:
    one, other = attempt.case(), attempt.case()
    if one["id"] == other["id"]:
        return None
    foreign = attempt.rows.read('SELECT * FROM events WHERE "case" = ? AND seq = 2', other["id"])[0]
    attempt.rows.write('DELETE FROM events WHERE "case" = ? AND seq = 2', one["id"])
    attempt.rows.put("events", {**foreign, "case": one["id"]})
    return bad(one["number"], "event")


def taken_out(table: str) -> None:
    def kind(attempt: Attempt) -> Bad:
        row = attempt.row(table)
        condition, given = same(table, row)
        attempt.rows.write(f"DELETE FROM {table} WHERE {condition}", *given)
        return bad(attempt.number(row["case"]), "effects" if table == "effects" else "rows")

    KINDS[f"{table} taken out"] = kind


def put_in(table: str) -> None:
    """A copy of a sound row under another key, its seal too."""

    def kind(attempt: Attempt) -> Bad:
        row = attempt.row(table)
        new = {**row, {"effects": "key"}.get(table, "id"): 9_999 if table == "checks" else "made-up"}
        if table == "messages":
            new["occasion"] = "made-up"
        if table == "incidents":
            new["kind"] = "made-up"
        attempt.rows.put(table, new)
        return bad(attempt.number(row["case"]), _NOUN[table])

    KINDS[f"{table} put in"] = kind


def moved(table: str) -> None:
    """A row given to another case."""

    def kind(attempt: Attempt) -> Bad | None:
        row, other = attempt.row(table), attempt.case()
        held = attempt.rows.read(f'SELECT 1 AS one FROM {table} WHERE "case" = ?', other["id"])
        if other["id"] == row["case"] or (held and table in ("effects", "messages", "incidents")):
            return None
        condition, given = same(table, row)
        attempt.rows.write(f'UPDATE {table} SET "case" = ? WHERE {condition}', other["id"], *given)
        return Bad(frozenset({attempt.number(row["case"]), other["number"]}), frozenset({_NOUN[table], "rows"}))

    KINDS[f"{table} moved"] = kind


for table in ("effects", "incidents", "messages", "documents", "checks"):
    taken_out(table)
    put_in(table)
moved("documents")
moved("checks")


@kind
def an_effect_put_back_as_it_was_earlier(attempt: Attempt) -> Bad | None:
    return _put_back(attempt, "effects")


@kind
def a_message_put_back_as_it_was_earlier(attempt: Attempt) -> Bad | None:
    return _put_back(attempt, "messages")


def _put_back(attempt: Attempt, table: str) -> Bad | None:
    """The whole row with the seal that it had then."""
    row = attempt.chance.choice(attempt.sound.earlier[table])
    condition, given = same(table, row)
    now = attempt.rows.read(f"SELECT * FROM {table} WHERE {condition}", *given)
    if not now or now[0]["written"] == row["written"]:
        return None
    attempt.rows.write(f"DELETE FROM {table} WHERE {condition}", *given)
    attempt.rows.put(table, row)
    return bad(attempt.number(row["case"]), "effects" if table == "effects" else "rows")


@kind
def a_case_that_wears_the_row_of_another(attempt: Attempt) -> Bad | None:
    one, other = attempt.case(), attempt.case()
    if one["id"] == other["id"]:
        return None
    names = [name for name in one if name not in ("id", "number", "subject", "origin")]
    sets = ", ".join(f'"{name}" = ?' for name in names)
    attempt.rows.write(f"UPDATE cases SET {sets} WHERE id = ?", *(other[name] for name in names), one["id"])
    return bad(one["number"], "case", "event")


@kind
def a_time_that_is_none(attempt: Attempt) -> Bad | None:
    if not attempt.rows.sqlite:
        return None
    row, name = attempt.case("due_at IS NOT NULL"), attempt.chance.choice(("due_at", "entered_at", "opened_at"))
    attempt.rows.write(f"UPDATE cases SET {name} = 'tomorrow' WHERE id = ?", row["id"])
    return bad(row["number"], "case")


@kind
def a_column_of_another_kind(attempt: Attempt) -> Bad | None:
    if not attempt.rows.sqlite:
        return None
    table, name = attempt.chance.choice(
        [("events", "at"), ("events", "payload"), ("events", "seq"), ("events", "flow_version"), ("events", "hash"),
         ("effects", "attempt"), ("effects", "written"), ("messages", "text"), ("checks", "count")]
    )  # fmt: skip
    row = attempt.row(table)
    condition, given = same(table, row)
    odd = attempt.chance.choice(("not this", 7.5, float("inf"), b"\xff\xfe", b""))
    if odd == row[name]:
        return None
    attempt.rows.write(f'UPDATE {table} SET "{name}" = ? WHERE {condition}', odd, *given)
    return bad(attempt.number(row["case"]), _NOUN[table])


@kind
def text_that_is_no_text(attempt: Attempt) -> Bad | None:
    if not attempt.rows.sqlite:
        return None
    table, name = attempt.chance.choice(
        [("cases", "data"), ("cases", "state"), ("events", "actor"), ("events", "kind"), ("effects", "result"),
         ("incidents", "seen"), ("messages", "text"), ("documents", "name"), ("checks", "body")]
    )  # fmt: skip
    row = attempt.case() if table == "cases" else attempt.row(table)
    condition, given = same(table, row)
    attempt.rows.write(f"UPDATE {table} SET \"{name}\" = CAST(x'fffe22' AS TEXT) WHERE {condition}", *given)
    number = row["number"] if table == "cases" else attempt.number(row["case"])
    return bad(number, _NOUN[table])


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
