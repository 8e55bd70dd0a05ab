"""The key of an effect at its remote stays after a doubt, and what went wrong first is kept. New columns alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.record import columns

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("effects", sa.Column("renewed", sa.Integer(), server_default="0", nullable=False))
    op.add_column("effects", sa.Column("key_stays", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("effects", sa.Column("first_error", columns.Json()))
    effects = sa.table(
        "effects",
        *(sa.column(name) for name in ("attempt", "status", "renewed")),
        sa.column("retried", sa.Boolean()),
        sa.column("key_stays", sa.Boolean()),
    )
    # until now each try but reconcile's own had another key
    renewed = effects.c.attempt - 1 - sa.case((effects.c.retried, 1), else_=0)
    op.execute(effects.update().where(renewed > 0).values(renewed=renewed))
    in_doubt = effects.c.retried | effects.c.status.in_(["intended", "unknown"])
    op.execute(effects.update().where(in_doubt).values(key_stays=sa.true()))
