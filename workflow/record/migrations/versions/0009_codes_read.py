"""Which try of an action read a code. A new column alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("secrets", sa.Column("read_by", sa.String(80)))
