"""Runs the versions inside the transaction that migrate() opened."""

from __future__ import annotations

from alembic import context

from workflow.record.schedule_tables import schedules

context.configure(
    connection=context.config.attributes["connection"], target_metadata=schedules.metadata, transactional_ddl=True
)
context.run_migrations()
