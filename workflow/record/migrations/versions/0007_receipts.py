"""The gateway's number of a message, and whether the message arrived. New columns and an index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("messages", sa.Column("number", sa.String(120)))
    op.add_column("messages", sa.Column("receipt", sa.String(20)))
    op.add_column("messages", sa.Column("receipt_at", columns.Instant(timezone=True)))
    asked = sa.text("receipt_at IS NOT NULL")
    op.create_index("messages_receipts", "messages", ["receipt_at"], sqlite_where=asked, postgresql_where=asked)
