"""The record as every command opens it; workers open the same, see record.py."""

from __future__ import annotations

from record import Record, flows, open_record

__all__ = ["Record", "flows", "open_record"]
