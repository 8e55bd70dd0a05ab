"""Rows are sealed. Those of before have no seal until the record is opened with its keys, once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BESIDE = ("effects", "incidents", "messages", "documents", "checks")


def upgrade() -> None:
    for count in ("effects_written", "beside_written"):
        op.add_column("cases", sa.Column(count, sa.Integer, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("seal", sa.String(60)))
    for table in BESIDE:
        op.add_column(table, sa.Column("written", sa.Integer, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("seal", sa.String(60)))
    op.execute(
        "INSERT INTO installation (name, value) SELECT 'unsealed', 'since 0008' WHERE EXISTS (SELECT 1 FROM cases)"
    )
