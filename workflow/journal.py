"""The file outside the database that knows which calls were about to leave, so that a restored backup forgets none."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from workflow.claims import Effect, EffectStatus, Epoch, Stage

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Noted:
    """One call that was about to leave."""

    case: str
    effect: Effect


class Journal:
    """An append-only file of JSON lines, one a host, each line on the disk before its call."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = asyncio.Lock()

    async def note(self, case: str, effect: Effect) -> None:
        line = {
            "case": case,
            "key": effect.key,
            "attempt": effect.attempt,
            "epoch": list(effect.epoch),
            "process": effect.process,
            "action": effect.action,
            "item_id": effect.item_id,
            "item": effect.item,
            "round": effect.round,
            "decision": effect.decision,
            "at": effect.intended_at.isoformat(),
        }
        async with self._lock:
            await asyncio.to_thread(self._append, json.dumps(line, ensure_ascii=False) + "\n")

    def _append(self, line: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Iterator[Noted]:
        """What is noted; a last line that a crash cut short left no call behind it and is passed over."""
        if not self.path.exists():
            return
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        for line in lines:
            if not line.endswith("\n"):
                return
            found = json.loads(line)
            yield Noted(
                found["case"],
                Effect(
                    key=found["key"],
                    action=found["action"],
                    item_id=found["item_id"],
                    item=found["item"],
                    round=found["round"],
                    decision=found["decision"],
                    attempt=found["attempt"],
                    status=EffectStatus.unknown,
                    epoch=Epoch(*found["epoch"]),
                    process=found["process"],
                    intended_at=datetime.fromisoformat(found["at"]),
                    stage=Stage.fence,
                ),
            )

    def forget(self, before: datetime) -> None:
        """Drop what is older; at is real time."""
        kept = (
            [noted for noted in self.path.read_text(encoding="utf-8").splitlines() if noted]
            if self.path.exists()
            else []
        )
        fresh = [line for line in kept if datetime.fromisoformat(json.loads(line)["at"]) >= before]
        if len(fresh) < len(kept):
            new = self.path.with_suffix(".new")
            new.write_text("".join(line + "\n" for line in fresh), encoding="utf-8")
            os.replace(new, self.path)
