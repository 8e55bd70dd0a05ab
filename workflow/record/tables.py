"""The tables of the record, as SQLAlchemy sees them; migrations/ makes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (  # isort: skip
    BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, and_, false,
    func, not_, true,
)  # fmt: skip

from workflow.record.columns import Hex, Instant, Json, SaidText

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "%(table_name)s_%(column_0_name)s_once",
        "ix": "%(table_name)s_by_%(column_0_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_of_%(referred_table_name)s",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)


def _lease() -> tuple[Column[Any], ...]:
    return (
        Column("owner", String(120)),
        Column("epoch_timeline", Integer, nullable=False, server_default="0"),
        Column("epoch_number", BigInteger, nullable=False, server_default="0"),
        Column("lease_until", Instant),
    )


def _sealed() -> tuple[Column[Any], ...]:
    """How many times the row was written, and its seal; see seals.py."""
    return (Column("written", Integer, nullable=False, server_default="0"), Column("seal", String(60)))


cases = Table(
    "cases",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("flow", String(60), nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("state", String(60), nullable=False),
    Column("data", Json(dict), nullable=False),
    Column("round", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", Hex, nullable=False),
    Column("subject", Text),
    Column("origin", String(80)),
    Column("opened_at", Instant, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("account", String(40)),
    Column("decision", Json(dict)),
    Column("decisions", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),
    Column("queue", String(20), nullable=False),
    Column("auto", Boolean, nullable=False),
    Column("held", Text),
    Column("deferred", String(20)),
    Column("barred", Boolean, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("crash_count", Integer, nullable=False, server_default="0"),
    *_lease(),
    Column("check_digest", String(80)),
    Column("check_first", Instant),
    Column("check_last", Instant),
    Column("check_count", Integer),
    Column("check_body", Json(dict)),
    Column("effects_written", Integer, nullable=False, server_default="0"),
    Column("beside_written", Integer, nullable=False, server_default="0"),
    Column("seal", String(60)),
    # for the audit: whether anything of the case was written since it was in order, and the seq that it anchored last
    Column("unaudited", Boolean, nullable=False, server_default=true()),
    Column("anchored", Integer, nullable=False, server_default="0"),
    Column("accounts", Json(dict)),
    # a claim updates every due row: room in the page keeps those updates off the indexes, and vacuum cheap
    postgresql_with={"fillfactor": 80, "autovacuum_vacuum_scale_factor": 0.01, "autovacuum_vacuum_cost_delay": 0},
)

claimable = and_(
    cases.c.auto == true(),
    cases.c.held.is_(None),
    not_(cases.c.barred),
    not_(cases.c.final),
    cases.c.deferred.is_(None),
)
"""What a claim asks of a row: word for word the predicate of its index."""

live = not_(cases.c.final)


def _index(name: str, *columns: Column[Any], where: Any, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


_index("cases_due", cases.c.flow, cases.c.state, cases.c.queue, cases.c.due_at, cases.c.id, where=claimable)
_index("cases_of_account", cases.c.account, cases.c.due_at, where=claimable)
_index("cases_unaudited", cases.c.id, where=cases.c.unaudited == true())
_index("cases_subject", cases.c.flow, cases.c.subject, where=and_(live, cases.c.subject.isnot(None)), unique=True)
_index("cases_origin", cases.c.flow, cases.c.origin, where=cases.c.origin.isnot(None), unique=True)

width = func.length(cases.c.number)
"""Numbers sort by their width first: RZ-9999 comes before RZ-10000."""
Index("cases_in_order", width, cases.c.number)
Index("cases_in_state", cases.c.state, width, cases.c.number, cases.c.flow, cases.c.final)

installation = Table(
    "installation",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

numbers = Table(
    "numbers",
    metadata,
    Column("prefix", String(20), primary_key=True),
    Column("last", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("case", ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("reason", Text),
    Column("at", Instant, nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("revision", String(80), nullable=False),
    Column("payload", LargeBinary),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("key", String(40), nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

checks = Table(
    "checks",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("case", ForeignKey("cases.id"), nullable=False, index=True),
    Column("digest", String(80), nullable=False),
    Column("first", Instant, nullable=False),
    Column("last", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("body", Json(dict)),
    *_sealed(),
)

effects = Table(
    "effects",
    metadata,
    Column("case", ForeignKey("cases.id"), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("action", String(120), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("item", Json),
    Column("round", Integer, nullable=False),
    Column("decision", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("epoch_timeline", Integer, nullable=False),
    Column("epoch_number", BigInteger, nullable=False),
    Column("process", String(120), nullable=False),
    Column("intended_at", Instant, nullable=False),
    Column("result", Json(dict)),
    Column("why", SaidText),
    Column("testimony", Json(dict)),
    Column("stage", String(20)),
    Column("check_at", Instant),
    Column("deadline", Instant),
    Column("retried", Boolean, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("evidence", Json(list[dict[str, Any]]), nullable=False),
    Column("renewed", Integer, nullable=False, server_default="0"),
    Column("key_stays", Boolean, nullable=False, server_default=false()),
    Column("first_error", Json(dict)),
    *_sealed(),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(120), nullable=False),
    Column("cause", Text, nullable=False),
    Column("effect", String(80), nullable=False, server_default=""),
    Column("seen", Json(dict), nullable=False),
    Column("bars", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(120)),
    Column("close_reason", SaidText),
    *_sealed(),
)
_index(
    "incidents_open",
    incidents.c.case,
    incidents.c.kind,
    incidents.c.effect,
    where=incidents.c.closed_at.is_(None),
    unique=True,
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("adapter", String(60), nullable=False),
    Column("login", String(200), nullable=False),
    Column("password", LargeBinary, nullable=False),
    Column("secret_version", Integer, nullable=False, server_default="1"),
    Column("usable", Boolean, nullable=False),
    Column("case", ForeignKey("cases.id")),
    Column("session", LargeBinary),
    Column("session_version", Integer, nullable=False, server_default="0"),
    Column("session_at", Instant),
    Column("unclean", Boolean, nullable=False),
    Column("last_owner", String(120)),
    Column("leased_at", Instant),
    *_lease(),
    Column("retired", Text),
)
Index("accounts_login", accounts.c.adapter, accounts.c.login, unique=True)

secrets = Table(
    "secrets",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("round", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("source", String(200), nullable=False),
    Column("sealed", LargeBinary),
    Column("received_at", Instant, nullable=False),
    Column("read_by", String(80)),
    Column("used_at", Instant),
)
Index("secrets_source", *(secrets.c[name] for name in ("case", "round", "kind", "owner", "source")), unique=True)

messages = Table(
    "messages",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case", ForeignKey("cases.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("occasion", String(120), nullable=False),
    Column("recipient", String(120), nullable=False),
    Column("address", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("written_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("why", SaidText),
    Column("owner", String(120)),
    Column("lease_until", Instant),
    Column("number", String(120)),
    Column("receipt", String(20)),
    Column("receipt_at", Instant),
    *_sealed(),
)
Index("messages_once", messages.c.case, messages.c.round, messages.c.occasion, messages.c.recipient, unique=True)
_index("messages_due", messages.c.due_at, where=messages.c.status.in_(["queued", "sending"]))
_index("messages_receipts", messages.c.receipt_at, where=messages.c.receipt_at.isnot(None))
Index("messages_of_recipient", messages.c.recipient, messages.c.written_at)

documents = Table(
    "documents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("media_type", String(120), nullable=False),
    Column("name", String(300), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("case", String(40), index=True),
    Column("kind", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    *_sealed(),
)
