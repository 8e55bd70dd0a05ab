"""What a process of this installation has open: the record, the adapters, its event loop and Celery."""
