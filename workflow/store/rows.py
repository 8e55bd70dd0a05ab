"""Turns rows into values and back: a row of `cases` into a Claim, of `effects` into an Effect."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workflow.record.codes_on_file import CodesOnFile
from workflow.record.columns import Unreadable, instant_text
from workflow.record.values import (
    Check,
    Claim,
    Decision,
    Effect,
    EffectStatus,
    Epoch,
    Json,
    Planned,
    Seat,
    Stage,
)

Row = Mapping[Any, Any]
"""A row by column names."""


@dataclass(frozen=True)
class RelatedRows:
    """What belongs to a case beside its row: all its effects, and the codes and notices of this round."""

    effects: tuple[Effect, ...] = ()
    codes: CodesOnFile = field(default_factory=CodesOnFile)
    told: frozenset[tuple[str, str]] = frozenset()
    spoilt: tuple[str, ...] = ()
    """What of it cannot be read, and is left out."""


_INSTEAD = {"data": {}, "head": b"", **dict.fromkeys(("opened_at", "entered_at"), datetime(1970, 1, 1, tzinfo=UTC))}
"""What people are shown in place of what cannot be read; nothing, where a column may hold nothing."""


def claim_of(
    row: Row,
    beside: RelatedRows,
    *,
    real: datetime | None = None,
    seat: Seat | None = None,
    only: str | None = None,
    shown: bool = False,
) -> Claim:
    """The row as a claim. Its owner is "" unless the lease lives at this real time.

    shown: for people to look at: what cannot be read is left empty. Without it, that raises ValueError.
    """
    until: datetime | None = row["lease_until"]
    spoilt = [name for name, value in row.items() if isinstance(value, Unreadable) or not stands(name, value)]
    if (spoilt or beside.spoilt) and not shown:
        raise ValueError(f"the row of case {row['number']} cannot be read: {', '.join((*spoilt, *beside.spoilt))}")
    if spoilt:
        row = {**row, **{name: _INSTEAD.get(name) for name in spoilt}}
        until = row["lease_until"]
    leased = row["owner"] is not None and until is not None and (real is None or until > real)
    return Claim(
        case=row["id"],
        number=row["number"],
        flow=row["flow"],
        flow_version=row["flow_version"],
        state=row["state"],
        data=row["data"],
        round=row["round"],
        seq=row["seq"],
        head=row["head"],
        epoch=epoch_of(row),
        owner=row["owner"] if leased else "",
        lease_until=until or row["opened_at"],
        opened_at=row["opened_at"],
        entered_at=row["entered_at"],
        account=row["account"],
        accounts=row["accounts"] or {},
        decision=decision_of(row["decision"]),
        decisions=row["decisions"],
        effects=beside.effects,
        codes_on_file=beside.codes,
        told=beside.told,
        failures=row["failures"],
        crash_count=row["crash_count"],
        queue=row["queue"],
        auto=row["auto"],
        held=row["held"],
        check=check_of(row),
        seat=seat,
        only=only,
    )


def stands(name: str, value: Any) -> bool:
    """Whether what stands in the decision's column can be read as one."""
    try:
        if name == "decision":
            decision_of(value)
    except (ValueError, TypeError, KeyError):
        return False
    return True


def epoch_of(row: Row) -> Epoch:
    return Epoch(row["epoch_timeline"], row["epoch_number"])


def check_of(row: Row) -> Check | None:
    if row["check_digest"] is None or row["check_body"] is None:
        return None
    return Check(*(row[f"check_{part}"] for part in ("digest", "first", "last", "count", "body")))


def check_columns(check: Check) -> dict[str, Any]:
    return {f"check_{name}": value for name, value in fields(check).items()}


def decision_of(stored: Json | None) -> Decision | None:
    if stored is None:
        return None
    planned = tuple(Planned(**item) for item in stored["planned"])
    return Decision(**{**stored, "planned": planned, "now": datetime.fromisoformat(stored["now"])})


def decision_json(decision: Decision) -> Json:
    planned = [fields(item) for item in decision.planned]
    return {**fields(decision), "planned": planned, "now": instant_text(decision.now)}


def effect_of(row: Row) -> Effect:
    """Raises ValueError where the row cannot be read."""
    spoilt = [name for name, value in row.items() if isinstance(value, Unreadable) and name != "evidence"]
    if spoilt:
        raise ValueError(f"effect {row['key']} cannot be read: {', '.join(spoilt)}")
    values = {part.name: row[part.name] for part in dataclasses.fields(Effect) if part.name in row}
    values |= {
        "status": EffectStatus(row["status"]),
        "stage": None if row["stage"] is None else Stage(row["stage"]),
        "epoch": epoch_of(row),
        "evidence": () if isinstance(row["evidence"], Unreadable) else tuple(row["evidence"]),
    }
    return Effect(**values)


def effect_columns(case: str, effect: Effect) -> dict[str, Any]:
    values = fields(effect)
    epoch = values.pop("epoch")
    return values | {
        "case": case,
        "status": str(effect.status),
        "stage": None if effect.stage is None else str(effect.stage),
        "evidence": list(effect.evidence),
        "epoch_timeline": epoch.timeline,
        "epoch_number": epoch.number,
    }


def fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, one level deep."""
    return {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
