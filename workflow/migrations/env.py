"""Runs the versions inside the transaction that migrate() opened."""

from __future__ import annotations

from alembic import context

from workflow.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
