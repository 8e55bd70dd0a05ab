"""Where somebody must have died: around every call that cannot be undone, and at every kind of write beside."""

from __future__ import annotations

IRREVERSIBLE = {
    "place round 0": ("before", "after"),
    "pay": ("before", "after"),
    "request_code round 0": ("before", "through the gate", "after"),
    "enter_codes round 0": ("before", "through the gate", "after"),
    "upload_seal_page round 0": ("before", "through the gate", "after"),
    "confirm round 0": ("before", "through the gate", "after"),
    "place round 1": ("before", "after"),
    "confirm round 1": ("before", "through the gate", "after"),
    "send": ("before", "after"),
}
AROUND_CALLS = frozenset(f"call {name}: {at}" for name, each in IRREVERSIBLE.items() for at in each)
WRITES = (
    "commit claim copyright by http",
    "commit claim copyright by browser",
    "commit commit copyright unprocessed round 0: decided, place_order intended",
    "journal place_order  round 0",
    "commit commit copyright unprocessed round 0: place_order done",
    "commit commit_many copyright: waits",
    "commit command copyright awaiting_seal round 0 by http",
    "commit commit copyright needs_correction round 1: decided, place_order intended",
    "commit commit_many copyright submitted round 0: moved to needs_correction",
    "journal confirm  round 1",
)
BESIDE = frozenset(f"{write}: {at}" for write in WRITES for at in ("before", "after"))
"""By kind, as campaign.kind tells it."""
