"""The file outside the database that lists calls before they are made, so that a restored backup forgets none."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from workflow.errors import SettingsError
from workflow.files.disk import put, writing
from workflow.files.plain import in_place_of
from workflow.record.forgetting import STOOD_FOR, oldest_kept
from workflow.record.values import Effect, EffectStatus, Epoch, Stage
from workflow.sentence import Sentence

KEPT = timedelta(days=30)
DAMAGED = Sentence(
    "put_back_copy_needed",
    "put back a copy; it is needed after a restore alone, so move it away where the record was never restored",
)


@dataclass(frozen=True)
class Noted:
    """One call that was about to be made."""

    case: str
    effect: Effect


class Journal:
    """An append-only file of JSON lines, one for each host; each line is on disk before its call."""

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
        with writing(self.path), self._alone(), self.path.open("a+b") as file:
            if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
                # what a crash cut short would become one line with this one, and neither could be read
                file.truncate(len("".join(self._lines()).encode()))
            _to_disk(file, line)

    def read(self) -> Iterator[Noted]:
        """The calls in it. A last line that a crash cut short had no call yet, and is skipped."""
        for _, noted in self._noted(self._lines()):
            yield noted

    def forget(self, now: datetime) -> None:
        """Delete old lines, by business time. A clock that is wrong for a day deletes none."""
        with writing(self.path), self._alone():
            kept = self._lines()
            noted = list(self._noted(kept))
            stood = [one.effect.intended_at for _, one in noted if one.effect.intended_at <= now - STOOD_FOR]
            before = oldest_kept(now, KEPT, max(stood, default=None))
            fresh = [line for line, one in noted if before is None or one.effect.intended_at >= before]
            if len(fresh) < len(kept):
                put(self.path, "".join(fresh).encode())

    def _noted(self, lines: Sequence[str]) -> Iterator[tuple[str, Noted]]:
        for number, line in enumerate(lines, 1):
            try:
                noted = _noted(json.loads(line))
            except (ValueError, LookupError, TypeError, RecursionError) as error:
                raise SettingsError(
                    str(self.path), Sentence("line_notes_no_call", "line {n} notes no call", n=number), DAMAGED
                ) from error
            yield line, noted

    def _lines(self) -> list[str]:
        """The lines, each with its line feed, which stands nowhere else. A line may be of any length."""
        if (what := in_place_of(self.path)) is not None:
            raise SettingsError(str(self.path), what, DAMAGED)
        if not self.path.exists():
            return []
        try:
            *whole, _ = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except PermissionError as error:
            cure = Sentence("give_to_user_that", "give it to the user that Caseward runs as")
            raise SettingsError(
                str(self.path), Sentence("this_user_may_not_read", "this user may not read it"), cure
            ) from error
        return [f"{line}\n" for line in whole]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes of this host from writing: a line must not go into a file that is being replaced."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _noted(found: dict[str, Any]) -> Noted:
    return Noted(
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


def _to_disk(file: BinaryIO, text: str) -> None:
    file.write(text.encode())
    file.flush()
    os.fsync(file.fileno())
