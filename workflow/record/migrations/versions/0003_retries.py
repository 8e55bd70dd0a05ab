"""How often a run is begun again that an error broke off, and what broke it off each time. New columns alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("schedules", sa.Column("retries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("dispatches", sa.Column("failures", columns.Json(), server_default="[]", nullable=False))
    op.add_column("dispatches", sa.Column("again_at", columns.Instant(timezone=True)))
