"""Indexes for a record of many cases. Indexes alone: no row changes, and seals of before hold as they stand."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

CLAIMABLE: dict[str, Any] = {
    "sqlite_where": sa.text("auto = 1 AND held IS NULL AND barred = 0 AND final = 0 AND deferred IS NULL"),
    "postgresql_where": sa.text("auto = true AND held IS NULL AND NOT barred AND NOT final AND deferred IS NULL"),
}
WIDTH = sa.text("length(number)")


def upgrade() -> None:
    op.create_index("cases_in_order", "cases", [WIDTH, "number"])
    op.create_index("cases_in_state", "cases", ["state", WIDTH, "number", "flow", "final"])
    op.drop_index("cases_due", "cases")
    op.create_index("cases_due", "cases", ["flow", "state", "queue", "due_at", "id"], **CLAIMABLE)
