"""Tampering column by column: another value, whatever the column holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.attack.records.attempt import KINDS, NOUN, Attempt, Bad, bad, same


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
        places = [NOUN[table], *(["event"] if table == "cases" else [])]
        return bad(number, *places)

    KINDS[f"{table}.{column}{also}"] = kind


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
    "opened_at": later, "entered_at": later, "failures": more, "crash_count": more, "number": other_text,
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
