"""The Celery app of `celery -A worker worker -Q QUEUES`, and of `celery -A worker beat`."""

from caseward.app.celery_app import app

__all__ = ["app"]
