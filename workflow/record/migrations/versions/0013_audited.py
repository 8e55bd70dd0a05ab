"""How far the audit is with each case: the first one after this looks at all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("cases", sa.Column("unaudited", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("cases", sa.Column("anchored", sa.Integer, nullable=False, server_default="0"))
    op.create_index(
        "cases_unaudited",
        "cases",
        ["id"],
        sqlite_where=sa.text("unaudited = 1"),
        postgresql_where=sa.text("unaudited = true"),
    )
