"""The one world behind all five systems: a clock, the ledger, and the state that replaying it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from caseward.sandbox import changes
from caseward.sandbox.clock import Clock
from caseward.sandbox.ledger import Entry, Ledger
from caseward.sandbox.scenario import BadWorld, Scenario
from caseward.sandbox.state import State


class World:
    def __init__(
        self, folder: Path, scenario: Scenario, *, faults: list[Entry] | None = None, frozen: bool = False
    ) -> None:
        self.ledger = Ledger(folder)
        self.state = State()
        self.clock = Clock(timedelta())
        self.late: timedelta | None = None
        self.unfiltered = self.of_another = False
        self.context: dict[str, Any] = {}
        self.coming: list[tuple[datetime, Callable[[], object]]] = []
        self._rehearsing = False
        first = self._replay()
        if first is None:
            start = scenario.start or datetime.now(UTC)
            self.clock = Clock(start - datetime.now(UTC), start if frozen else None)
            self.record("world", document=scenario.document, faults=faults or [], **self._clock_fields(start))
        else:
            if scenario.document and first["document"] != scenario.document:
                raise BadWorld(
                    "start", "the data folder was begun with another world; take another folder or leave the file out"
                )
            if frozen:
                self.clock.stands_at = self.state.at

    def now(self) -> datetime:
        # real clocks step back now and then; the ledger's time never does
        return max(self.clock.now(), self.state.at)

    def record(self, kind: str, **fields: Any) -> Entry:
        """Ledgers one change and applies it; the only way in which anything changes."""
        now = self.now()
        entry: Entry = {"seq": self.state.seq + 1, "at": now.isoformat(), "kind": kind, **fields}
        if self.late is not None:
            entry["visible_at"] = (now + self.late).isoformat()
        if self.context:
            entry["call"] = self.context
        if not self._rehearsing:
            self.ledger.append(entry)
        changes.apply(self.state, entry)
        return entry

    def let_late_calls_land(self) -> None:
        """Calls that got stuck on the way arrive at their hour, whatever has become of their sender."""
        now = self.now()
        landing = [land for at, land in self.coming if at <= now]
        self.coming = [(at, land) for at, land in self.coming if at > now]
        for land in landing:
            land()

    def move_clock(self, to: datetime) -> None:
        self.clock.move(to)
        self.record("clock_moved", **self._clock_fields(to))

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is recorded inside gives its reply and is then as if it had never been."""
        self._rehearsing = True
        try:
            yield
        finally:
            self._rehearsing = False
            stands_at, offset = self.clock.stands_at, self.clock.offset
            self.state = State()
            self._replay()
            self.clock = Clock(offset, stands_at)

    def close(self) -> None:
        self.ledger.close()

    def _replay(self) -> Entry | None:
        first = None
        for entry in self.ledger.entries():
            first = first or entry
            changes.apply(self.state, entry)
            if entry["kind"] in ("world", "clock_moved"):
                self.clock = Clock(timedelta(seconds=entry["offset_seconds"]))
        return first

    def _clock_fields(self, to: datetime) -> dict[str, Any]:
        return {"to": to.isoformat(), "offset_seconds": self.clock.offset.total_seconds()}
