"""The workers of one process, as the commands that work by themselves open them; see assembly.py."""

from __future__ import annotations

from assembly import PORTAL, QUEUES, SEATED, AccountBook, Workers, open_workers
from record import BUREAU_HOURS

__all__ = ["BUREAU_HOURS", "PORTAL", "QUEUES", "SEATED", "AccountBook", "Workers", "open_workers"]
