"""The kinds of tampering: what another hand writes into a record, and which row is then the bad one."""

from __future__ import annotations

from tests.attack.records import anchored, columns
from tests.attack.records.attempt import KINDS, NOUN, Attempt, Bad, bad, kind, same

_NAMES = ("effects", "incidents", "messages", "documents", "checks")

__all__ = ["KINDS", "Attempt", "Bad", "anchored", "columns"]


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
    return Bad(frozenset({row["id"], "RZ-*"}), frozenset({*NOUN.values(), "numbers"}))


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
        return bad(attempt.number(row["case"]), NOUN[table])

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
        return Bad(frozenset({attempt.number(row["case"]), other["number"]}), frozenset({NOUN[table], "rows"}))

    KINDS[f"{table} moved"] = kind


for table in _NAMES:
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
def a_lease_without_end(attempt: Attempt) -> Bad:
    row = attempt.case()
    until = columns.later(attempt, row["opened_at"])
    until = f"29{until[2:]}" if isinstance(until, str) else until.replace(year=2999)
    attempt.rows.write("UPDATE cases SET owner = 'ghost', lease_until = ? WHERE id = ?", until, row["id"])
    return bad(row["number"], "case")


@kind
def seals_taken_away_and_the_record_called_old(attempt: Attempt) -> Bad:
    for table in ("cases", *_NAMES):
        attempt.rows.write(f"UPDATE {table} SET seal = NULL")
    attempt.rows.put("installation", {"name": "unsealed", "value": "since 0008"})
    numbers = frozenset(str(row["number"]) for row in attempt.rows.read("SELECT number FROM cases"))
    return Bad(numbers, frozenset({"case"}))


@kind
def bytes_for_the_same_digits(attempt: Attempt) -> Bad | None:
    if not attempt.rows.sqlite:
        return None
    row = attempt.row("documents")
    attempt.rows.write("UPDATE documents SET digest = ? WHERE id = ?", bytes.fromhex(row["digest"]), row["id"])
    return bad(attempt.number(row["case"]), "document")


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
    return bad(attempt.number(row["case"]), NOUN[table])


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
    return bad(number, NOUN[table])
