"""What was changed at run time, calendars and settings, a row a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record.columns import Instant

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "configuration",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("previous", sa.String(60)),
        sa.Column("seal", sa.String(60)),
        sa.PrimaryKeyConstraint("number", name="pk_configuration"),
    )
    op.create_index("configuration_of", "configuration", ["kind", "name", "version"], unique=True)
