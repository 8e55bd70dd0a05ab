"""The record: cases, events, checks, effects, incidents, accounts, secrets, messages, documents, clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("flow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("data", columns.Json(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", columns.Hex(length=64), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("origin", sa.String(length=80)),
        sa.Column("opened_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("entered_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("account", sa.String(length=40)),
        sa.Column("decision", columns.Json()),
        sa.Column("decisions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", columns.Instant(timezone=True)),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("auto", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Text()),
        sa.Column("deferred", sa.String(length=20)),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("suspicion", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=120)),
        sa.Column("epoch_timeline", sa.Integer(), server_default="0", nullable=False),
        sa.Column("epoch_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", columns.Instant(timezone=True)),
        sa.Column("check_digest", sa.String(length=80)),
        sa.Column("check_first", columns.Instant(timezone=True)),
        sa.Column("check_last", columns.Instant(timezone=True)),
        sa.Column("check_count", sa.Integer()),
        sa.Column("check_body", columns.Json()),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="cases_number_once"),
        postgresql_with={"fillfactor": 80, "autovacuum_vacuum_scale_factor": 0.01, "autovacuum_vacuum_cost_delay": 0},
    )
    op.create_index(
        "cases_due",
        "cases",
        ["flow", "state", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("auto = 1 AND held IS NULL AND barred = 0 AND final = 0 AND deferred IS NULL"),
        postgresql_where=sa.text("auto = true AND held IS NULL AND NOT barred AND NOT final AND deferred IS NULL"),
    )
    op.create_index(
        "cases_of_account",
        "cases",
        ["account", "due_at"],
        unique=False,
        sqlite_where=sa.text("auto = 1 AND held IS NULL AND barred = 0 AND final = 0 AND deferred IS NULL"),
        postgresql_where=sa.text("auto = true AND held IS NULL AND NOT barred AND NOT final AND deferred IS NULL"),
    )
    op.create_index(
        "cases_origin",
        "cases",
        ["flow", "origin"],
        unique=True,
        sqlite_where=sa.text("origin IS NOT NULL"),
        postgresql_where=sa.text("origin IS NOT NULL"),
    )
    op.create_index(
        "cases_subject",
        "cases",
        ["flow", "subject"],
        unique=True,
        sqlite_where=sa.text("final = 0 AND subject IS NOT NULL"),
        postgresql_where=sa.text("NOT final AND subject IS NOT NULL"),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offset_us", sa.BigInteger(), nullable=False),
        sa.Column("timeline", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("case", sa.String(length=40)),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("documents_by_case", "documents", ["case"], unique=False)
    op.create_index("documents_by_digest", "documents", ["digest"], unique=False)
    op.create_table(
        "numbers",
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name="pk_numbers"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("adapter", sa.String(length=60), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=False),
        sa.Column("secret_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("case", sa.String(length=40)),
        sa.Column("session", sa.LargeBinary()),
        sa.Column("session_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("session_at", columns.Instant(timezone=True)),
        sa.Column("unclean", sa.Boolean(), nullable=False),
        sa.Column("last_owner", sa.String(length=120)),
        sa.Column("leased_at", columns.Instant(timezone=True)),
        sa.Column("owner", sa.String(length=120)),
        sa.Column("epoch_timeline", sa.Integer(), server_default="0", nullable=False),
        sa.Column("epoch_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", columns.Instant(timezone=True)),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="accounts_case_of_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_index("accounts_login", "accounts", ["adapter", "login"], unique=True)
    op.create_table(
        "checks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("first", columns.Instant(timezone=True), nullable=False),
        sa.Column("last", columns.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("body", columns.Json()),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="checks_case_of_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
    )
    op.create_index("checks_by_case", "checks", ["case"], unique=False)
    op.create_table(
        "effects",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=120), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item", columns.Json()),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("epoch_timeline", sa.Integer(), nullable=False),
        sa.Column("epoch_number", sa.BigInteger(), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("intended_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("result", columns.Json()),
        sa.Column("why", sa.Text()),
        sa.Column("testimony", columns.Json()),
        sa.Column("stage", sa.String(length=20)),
        sa.Column("check_at", columns.Instant(timezone=True)),
        sa.Column("deadline", columns.Instant(timezone=True)),
        sa.Column("retried", sa.Boolean(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("evidence", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="effects_case_of_cases"),
        sa.PrimaryKeyConstraint("case", "key", name="pk_effects"),
    )
    op.create_table(
        "events",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("flow_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="events_case_of_cases"),
        sa.PrimaryKeyConstraint("case", "seq", name="pk_events"),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("effect", sa.String(length=80), server_default="", nullable=False),
        sa.Column("seen", columns.Json(), nullable=False),
        sa.Column("bars", sa.Boolean(), nullable=False),
        sa.Column("opened_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", columns.Instant(timezone=True)),
        sa.Column("closed_by", sa.String(length=120)),
        sa.Column("close_reason", sa.Text()),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="incidents_case_of_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
    )
    op.create_index("incidents_by_case", "incidents", ["case"], unique=False)
    op.create_index(
        "incidents_open",
        "incidents",
        ["case", "kind", "effect"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("written_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("due_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("settled_at", columns.Instant(timezone=True)),
        sa.Column("why", sa.Text()),
        sa.Column("owner", sa.String(length=120)),
        sa.Column("lease_until", columns.Instant(timezone=True)),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="messages_case_of_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index(
        "messages_due",
        "messages",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_index("messages_of_recipient", "messages", ["recipient", "written_at"], unique=False)
    op.create_index("messages_once", "messages", ["case", "round", "occasion", "recipient"], unique=True)
    op.create_table(
        "secrets",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("received_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("used_at", columns.Instant(timezone=True)),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="secrets_case_of_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_secrets"),
    )
    op.create_index("secrets_source", "secrets", ["case", "round", "kind", "owner", "source"], unique=True)
    op.execute("INSERT INTO clock (id, offset_us, timeline) VALUES (1, 0, 1)")
