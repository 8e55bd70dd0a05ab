"""The Celery beat over the database: `celery -A worker beat -S schedules.DatabaseScheduler`."""

from caseward.app.database_scheduler import DatabaseScheduler

__all__ = ["DatabaseScheduler"]
