"""The accounts of a case at other remotes than the one it works with now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("cases", sa.Column("accounts", sa.Text()))
