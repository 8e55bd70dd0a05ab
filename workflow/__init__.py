"""The engine, and what a flow is written with: `from workflow import Flow, State, To, fact, action, Case, No`.

It moves cases forward and keeps the record, and knows no flow and no remote system. A name is read from its room when
it is first asked for: a command that needs no engine does not pay for one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflow.calendars import Calendar, Holiday, Span, Workday
    from workflow.engine.dependencies import Documents
    from workflow.errors import (
        Closed,
        DefinitionError,
        Drifted,
        Fenced,
        LoginNeeded,
        NeedsPerson,
        NotSent,
        Refused,
        RemoteError,
        Unknown,
        WorkflowError,
    )
    from workflow.flow.case import (
        CannotTell,
        Case,
        Codes,
        Done,
        Gate,
        Item,
        No,
        NotDone,
        Partly,
        ProofAnswer,
        Verdict,
        Yes,
    )
    from workflow.flow.definition import Flow, State, Stay, To
    from workflow.flow.functions import action, fact
    from workflow.flow.remotes import Remote
    from workflow.record.codes_on_file import CodesOnFile
    from workflow.record.values import Message
    from workflow.system import System

ROOMS = {
    "workflow.calendars": ("Calendar", "Holiday", "Span", "Workday"),
    "workflow.engine.dependencies": ("Documents",),
    "workflow.errors": (
        *("Closed", "DefinitionError", "Drifted", "Fenced", "LoginNeeded", "NeedsPerson", "NotSent", "Refused"),
        *("RemoteError", "Unknown", "WorkflowError"),
    ),
    "workflow.flow.case": (
        *("CannotTell", "Case", "Codes", "Done", "Gate", "Item", "No", "NotDone", "Partly", "ProofAnswer"),
        *("Verdict", "Yes"),
    ),
    "workflow.flow.definition": ("Flow", "State", "Stay", "To"),
    "workflow.flow.functions": ("action", "fact"),
    "workflow.flow.remotes": ("Remote",),
    "workflow.record.codes_on_file": ("CodesOnFile",),
    "workflow.record.values": ("Message",),
    "workflow.system": ("System",),
}
"""The module of each public name; a test compares it with the imports above."""

ELSEWHERE = {
    "workflow.system": (
        *("AccountPool", "Contradiction", "DefaultSchedule", "Document", "File", "Give", "Intake", "JobContext"),
        *("JobKind", "Key", "NotTaken", "Opened", "Opening", "Parameters", "Part", "Review", "SecretKind"),
        *("Section", "SystemSettings", "default_schedule", "field_given"),
    ),
    "workflow.testing": ("Bench", "Call", "MORNING", "StillWaiting", "Twin", "TwinMistake", "bench"),
}
"""Public names that are imported from another module, so that whoever asks for them here is told from which."""

__all__ = [
    "Calendar",
    "CannotTell",
    "Case",
    "Closed",
    "Codes",
    "CodesOnFile",
    "DefinitionError",
    "Documents",
    "Done",
    "Drifted",
    "Fenced",
    "Flow",
    "Gate",
    "Holiday",
    "Item",
    "LoginNeeded",
    "Message",
    "NeedsPerson",
    "No",
    "NotDone",
    "NotSent",
    "Partly",
    "ProofAnswer",
    "Refused",
    "Remote",
    "RemoteError",
    "Span",
    "State",
    "Stay",
    "System",
    "To",
    "Unknown",
    "Verdict",
    "Workday",
    "WorkflowError",
    "Yes",
    "action",
    "fact",
]


if not TYPE_CHECKING:  # a type checker would take every name for an existing one

    def __getattr__(name: str) -> Any:
        for room, names in ROOMS.items():
            if name in names:
                return getattr(import_module(room), name)
        for room, names in ELSEWHERE.items():
            if name in names:
                raise ImportError(f"{name} stands in another module: from {room} import {name}", name=room)
        raise AttributeError(f"module 'workflow' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
