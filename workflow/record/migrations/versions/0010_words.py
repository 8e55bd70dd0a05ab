"""One word a thing: a run is called a run, and what counts crashes says so. Names alone; no row changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OPEN = sa.text("status IN ('pending', 'running')")


def upgrade() -> None:
    for name in ("dispatches_once", "dispatches_open", "dispatches_made"):
        op.drop_index(name, "dispatches")
    op.rename_table("dispatches", "runs")
    op.create_index("runs_once", "runs", ["schedule", "due_at"], unique=True)
    op.create_index("runs_open", "runs", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("runs_made", "runs", ["made_at"])
    op.execute("ALTER TABLE cases RENAME COLUMN suspicion TO crash_count")
