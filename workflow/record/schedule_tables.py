"""The tables of schedules and their versions, runs, living processes, answers of remotes, and jumps of the clock."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from workflow.record.columns import Instant, Json, SaidText, Switch
from workflow.record.tables import metadata

schedules = Table(
    "schedules",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("group", String(60), nullable=False),
    Column("target", Text, nullable=False),
    Column("timing", String(200), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("calendar", String(60)),
    Column("recheck_s", Integer),
    Column("overlap", String(20), nullable=False),
    Column("misfire", String(20), nullable=False),
    Column("catch_up_s", Integer, nullable=False),
    Column("timeout_s", Integer, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("retries", Integer, nullable=False, server_default="0"),
    Column("enabled", Switch, nullable=False),
    Column("paused_until", Instant),
    Column("paused_reason", Text),
    Column("version", Integer, nullable=False),
    Column("next_run_at", Instant),
    Column("planned", String(300)),
    Column("deleted_at", Instant),
    Column("after", String(120)),
)
_kept = schedules.c.deleted_at.is_(None)
Index("schedules_name", schedules.c.name, unique=True, sqlite_where=_kept, postgresql_where=_kept)
Index("schedules_due", schedules.c.next_run_at, sqlite_where=_kept, postgresql_where=_kept)

schedule_versions = Table(
    "schedule_versions",
    metadata,
    Column("schedule", ForeignKey("schedules.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("definition", Json(dict), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("reason", Text),
    Column("at", Instant, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("schedule", ForeignKey("schedules.id"), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("why", Text),
    Column("target", Text, nullable=False),
    Column("queue", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("reason", Text),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("begun_at", Instant),
    Column("ended_at", Instant),
    Column("owner", String(120)),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("counts", Json(dict[str, int]), nullable=False),
    Column("error", SaidText),
    Column("failures", Json(list[dict[str, str | int]]), nullable=False, server_default="[]"),
    Column("again_at", Instant),
    Column("parts", Json(list[str]), nullable=False, server_default="[]"),
)
_open = runs.c.status.in_(["pending", "running"])
Index("runs_once", runs.c.schedule, runs.c.due_at, unique=True)
Index("runs_open", runs.c.due_at, sqlite_where=_open, postgresql_where=_open)
Index("runs_made", runs.c.made_at)

run_shares = Table(
    "run_shares",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("tries", Integer, primary_key=True, autoincrement=False),
    Column("owner", String(120), primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("counts", Json(dict[str, int]), nullable=False),
    Column("onward", String(20)),
    Column("ended_at", Instant),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("process", String(120), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("queues", Json(list[str]), nullable=False),
    Column("doing", Json(dict), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

health = Table(
    "health",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("remote", String(60), nullable=False),
    Column("status", String(20), nullable=False),
    Column("why", SaidText),
    Column("since", Instant, nullable=False),
    Column("last", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("latency_ms", Integer),
)
Index("health_of_remote", health.c.remote, health.c.id)

clock_jumps = Table(
    "clock_jumps",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("expected", Instant, nullable=False),
    Column("found", Instant, nullable=False),
    Column("process", String(120), nullable=False),
    Column("put_right", Json(dict[str, int]), nullable=False),
)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("offset_us", BigInteger, nullable=False),
    Column("timeline", Integer, nullable=False),
    Column("seen_at", Instant),
)
