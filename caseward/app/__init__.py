"""What a process of this installation has open: the record, the remotes, its event loop and Celery."""
