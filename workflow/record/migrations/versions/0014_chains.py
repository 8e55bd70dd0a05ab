"""A run with several targets remembers what became of each, and a schedule may wait for another. New columns alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("runs", sa.Column("parts", columns.Json(), nullable=False, server_default="[]"))
    op.add_column("schedules", sa.Column("after", sa.String(length=120)))
