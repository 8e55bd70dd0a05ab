"""A run may be shared: each worker that is at it has a row with its lease and its counts until the last one ends it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "run_shares",
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("tries", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(120), primary_key=True),
        sa.Column("begun_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("lease_until", columns.Instant(timezone=True), nullable=False),
        sa.Column("counts", columns.Json(), nullable=False),
        sa.Column("onward", sa.String(20)),
        sa.Column("ended_at", columns.Instant(timezone=True)),
    )
