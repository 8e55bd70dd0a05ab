"""Faults that can be switched on: what they are, and which of them a call meets."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from caseward.sandbox.world import World

KINDS = (
    "apply_drop_reply",
    "apply_late",
    "reply_not_apply",
    "late_visibility",
    "error_500",
    "no_money",
    "busy_page",
    "half_reply",
    "hang",
    "kick",
    "changed_page",
    "slow",
    "unfiltered",
    "of_another",
)
DEFAULT_SECONDS = {"late_visibility": 600.0, "apply_late": 60.0, "slow": 3.0}
OPERATIONS = frozenset(
    [
        "login_page",
        "login",
        "home",
        "captcha",
        "logout",
        "drafts",
        "new_draft",
        "draft_page",
        "fill_draft",
        "upload_material",
        "check_page",
        "save_draft",
        "draft",
        "draft_view",
        "request_code",
        "enter_codes",
        "seal_form",
        "upload_seal",
        "confirm_page",
        "confirm",
        "filings",
        "filing",
        "correct",
        "certificate",
        "find_order",
        "place_order",
        "pay_order",
        "order",
        "order_files",
        "order_file",
        "record_page",
        "record_code",
        "find_codes",
        "sms_send",
        "sms_status",
        "*",
    ]
)


class BadFault(Exception):
    pass


@dataclass(frozen=True)
class Fault:
    """`count` None means no limit; `seconds` is real time for slow, sandbox time for the rest."""

    name: str
    operation: str
    kind: str
    object: str | None = None
    nth: int = 1
    count: int | None = 1
    probability: float | None = None
    seed: int = 0
    seconds: float = 0.0
    applied: bool = False


def parse(document: Any, number: int) -> Fault:
    """A checked fault; without a name it is called after its operation, kind and number."""
    if not isinstance(document, Mapping):
        raise BadFault("a fault is one object")
    unknown = set(document) - set(Fault.__dataclass_fields__)
    if unknown:
        raise BadFault(f"{', '.join(sorted(unknown))}: no such key of a fault")
    operation, kind = document.get("operation"), document.get("kind")
    if operation not in OPERATIONS:
        raise BadFault(f"{operation!r} is no operation; known are {', '.join(sorted(OPERATIONS))}")
    if kind not in KINDS:
        raise BadFault(f"{kind!r} is no kind of fault; known are {', '.join(KINDS)}")
    defaults = {
        "name": f"{operation}-{kind}-{number}",
        "seconds": DEFAULT_SECONDS.get(kind, 0.0),
        "count": None if document.get("probability") is not None else 1,
    }
    return Fault(**{**defaults, **{key: value for key, value in document.items() if value is not None}})


def switch_on(world: World, document: Any) -> Fault:
    fault = parse(document, len(world.state.fault_documents) + 1)
    world.record("fault_set", fault=asdict(fault))
    return fault


def listed(world: World) -> list[Fault]:
    return [Fault(**document) for document in world.state.fault_documents.values()]  # type: ignore[arg-type]


def meet(world: World, operation: str, names: set[str]) -> Fault | None:
    """The fault that this call runs into, if any; that it was met is on the ledger."""
    for fault in listed(world):
        if fault.operation not in (operation, "*") or (fault.object is not None and fault.object not in names):
            continue
        fired = world.state.fault_fired[fault.name]
        if fault.count is not None and fired >= fault.count:
            continue
        seen = world.state.fault_seen[fault.name] + 1
        fires = seen >= fault.nth and _drawn(fault, seen)
        world.record("fault_met", name=fault.name, operation=operation, seen=seen, fired=int(fires))
        if fires:
            return fault
    return None


def _drawn(fault: Fault, seen: int) -> bool:
    if fault.probability is None:
        return True
    # drawn from the occurrence's number, so that a restart goes on with the same series
    return random.Random(f"{fault.seed}:{seen}").random() < fault.probability
