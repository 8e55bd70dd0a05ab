"""Which filings were confirmed with a seal page that is another paper, as the ledger tells it."""

from __future__ import annotations

from typing import Any

from caseward.sandbox.ledger import Entry


class SealPages:
    """Fed with the entries in their order. A scan has no text, and nothing is said of it."""

    def __init__(self) -> None:
        self._shows: dict[str, list[str] | None] = {}
        self.wrong: list[dict[str, Any]] = []

    def see(self, entry: Entry) -> None:
        match entry["kind"]:
            case "seal_uploaded":
                self._shows[entry["draft"]] = entry.get("shows")
            case "confirmed":
                shows = self._shows.get(entry["draft"])
                if shows is not None and shows != [entry["draft"]]:
                    nouns = {name: entry[name] for name in ("draft", "title", "version", "round", "seq")}
                    self.wrong.append({**nouns, "shows": shows})
