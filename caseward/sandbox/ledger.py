"""The append-only, fsynced file in which everything that ever changed in the sandbox stands."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class LedgerBroken(Exception):
    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"line {line} of {path.name} cannot be read: {reason}; start with another data folder")


class Ledger:
    """One JSON object a line, numbered without a gap by `seq`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / "ledger.jsonl"
        self._file = open(self.path, "ab")  # noqa: SIM115 - open as long as the sandbox lives
        self._drop_torn_end()

    def append(self, entry: Entry) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def entries(self, after: int = 0) -> Iterator[Entry]:
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number <= after:
                    continue
                try:
                    entry: Entry = json.loads(line)
                except ValueError as error:
                    raise LedgerBroken(self.path, number, str(error)) from error
                if entry.get("seq") != number:
                    raise LedgerBroken(self.path, number, f"seq {number} was expected, not {entry.get('seq')}")
                yield entry

    def close(self) -> None:
        self._file.close()

    def _drop_torn_end(self) -> None:
        """A line without its line feed was never acknowledged to anyone."""
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            self._file.truncate(whole)
            os.fsync(self._file.fileno())
