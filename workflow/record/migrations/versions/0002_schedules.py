"""What runs when: schedules and their versions, dispatches, heartbeats, health. New tables alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0002"
down_revision = "0001"

KEPT = sa.text("deleted_at IS NULL")
OPEN = sa.text("status IN ('pending', 'running')")


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("timing", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("calendar", sa.String(length=60)),
        sa.Column("recheck_s", sa.Integer()),
        sa.Column("overlap", sa.String(length=20), nullable=False),
        sa.Column("misfire", sa.String(length=20), nullable=False),
        sa.Column("catch_up_s", sa.Integer(), nullable=False),
        sa.Column("timeout_s", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused_until", columns.Instant(timezone=True)),
        sa.Column("paused_reason", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_run_at", columns.Instant(timezone=True)),
        sa.Column("planned", sa.String(length=300)),
        sa.Column("deleted_at", columns.Instant(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
    )
    op.create_index("schedules_name", "schedules", ["name"], unique=True, sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_index("schedules_due", "schedules", ["next_run_at"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_table(
        "schedule_versions",
        sa.Column("schedule", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("definition", columns.Json(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.id"], name="schedule_versions_schedule_of_schedules"),
        sa.PrimaryKeyConstraint("schedule", "version", name="pk_schedule_versions"),
    )
    op.create_table(
        "dispatches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("schedule", sa.String(length=40), nullable=False),
        sa.Column("due_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("until", columns.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("sent_at", columns.Instant(timezone=True)),
        sa.Column("begun_at", columns.Instant(timezone=True)),
        sa.Column("ended_at", columns.Instant(timezone=True)),
        sa.Column("owner", sa.String(length=120)),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", columns.Instant(timezone=True)),
        sa.Column("counts", columns.Json(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.id"], name="dispatches_schedule_of_schedules"),
        sa.PrimaryKeyConstraint("id", name="pk_dispatches"),
    )
    op.create_index("dispatches_once", "dispatches", ["schedule", "due_at"], unique=True)
    op.create_index("dispatches_open", "dispatches", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("dispatches_made", "dispatches", ["made_at"])
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("queues", columns.Json(), nullable=False),
        sa.Column("doing", columns.Json(), nullable=False),
        sa.Column("started_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", columns.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name="pk_heartbeats"),
    )
    op.create_table(
        "health",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("remote", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("since", columns.Instant(timezone=True), nullable=False),
        sa.Column("last", columns.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_health"),
    )
    op.create_index("health_of_remote", "health", ["remote", "id"])
