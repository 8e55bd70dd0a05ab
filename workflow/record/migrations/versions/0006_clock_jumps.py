"""When the clock was last seen, and when it was set by more than a minute. New columns and a new table alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("clock", sa.Column("seen_at", columns.Instant(timezone=True)))
    op.create_table(
        "clock_jumps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("expected", columns.Instant(timezone=True), nullable=False),
        sa.Column("found", columns.Instant(timezone=True), nullable=False),
        sa.Column("process", sa.String(120), nullable=False),
        sa.Column("put_right", columns.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_jumps")),
    )
