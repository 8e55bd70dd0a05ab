"""What stands in each draft as the ledger tells it, and how a filing differs from what was saved last in the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from caseward.sandbox.ledger import Entry

Content = dict[str, Any]


class Contents:
    """Fed with the entries in their order. Meant is what a draft held when the form was saved last."""

    def __init__(self) -> None:
        self._held: dict[str, Content] = {}
        self._meant: dict[str, Content] = {}
        self._filed: dict[str, str] = {}
        """The last draft of each filing."""
        self.altered: list[dict[str, Any]] = []

    def owners(self, draft: str) -> list[dict[str, str]]:
        """The owners who stand in a draft now."""
        return self._held.get(draft, {}).get("owners") or []

    def see(self, entry: Entry) -> None:
        draft = str(entry.get("draft", ""))
        held = self._held.setdefault(draft, {})
        match entry["kind"]:
            case "page_saved" | "material_uploaded" | "draft_edited":
                held.update(_told(entry))
            case "correction_opened":
                held.update(self._held[self._filed[entry["filing"]]])
            case "draft_saved":
                self._meant[draft] = dict(held)
            case "confirmed":
                self._filed[entry["filing"]] = draft
                if fields := sorted(_different(self._meant.get(draft, {}), held)):
                    nouns = {name: entry[name] for name in ("draft", "title", "version", "round", "seq")}
                    self.altered.append({**nouns, "fields": fields})


def _told(entry: Entry) -> Content:
    if "material" in entry:
        return {f"material-{entry['material']}": [entry["file_name"], entry["sha256"]]}
    told = {"reference": entry["reference"]} if "reference" in entry else {}
    return {**told, entry["page"]: entry["values"]}


def _different(meant: Content, held: Content) -> Iterator[str]:
    """The fields, called as the view page calls them."""
    for name in meant.keys() | held.keys():
        one, other = meant.get(name), held.get(name)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            changed = {field for field in one.keys() | other.keys() if one.get(field) != other.get(field)}
            yield from ("applicant_phone" if (name, field) == ("applicant", "phone") else field for field in changed)
        elif name == "owners" and one and other and len(one) == len(other):
            for place, (row, now) in enumerate(zip(one, other, strict=True), start=1):
                yield from (
                    f"owners-{place}-{field}" for field in row.keys() | now.keys() if row.get(field) != now.get(field)
                )
        else:
            yield name
