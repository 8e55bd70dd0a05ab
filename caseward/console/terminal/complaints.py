"""An error as two lines that a person can act on, cause and cure, with the exit code of its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from caseward.console.wording.texts import Texts

OK, ERROR, USAGE, NOT_FOUND, CONFLICT, REFUSED, TIMEOUT, INTERRUPTED = 0, 1, 2, 3, 5, 6, 7, 130

# Typer's own messages: a foreign library says them in English alone, and has no code for them
USAGE_SAID = (
    ("unexpected_argument", re.compile(r"Got unexpected extra argument\(s\) \((?P<what>.*)\)")),
    ("no_such_option", re.compile(r"No such option: (?P<what>\S+)")),
    ("takes_no_value", re.compile(r"Option '(?P<what>.*)' does not take a value")),
    ("needs_value", re.compile(r"Option '(?P<what>.*)' requires an argument")),
    ("missing_command", re.compile(r"Missing command")),
    ("no_such_command", re.compile(r"No such command '(?P<what>.*?)'")),
    ("missing", re.compile(r"Missing (?:argument|option|parameter) '(?P<what>.*?)'")),
    ("wrong_value", re.compile(r"Invalid value for (?P<what>.*?): (?P<why>.*)", re.DOTALL)),
)

VALUE_SAID = (
    ("int_parsing", re.compile(r".*valid integer.*", re.IGNORECASE)),
    ("float_parsing", re.compile(r".*valid (?:number|float).*", re.IGNORECASE)),
    ("greater_than_equal", re.compile(r"Input should be greater than or equal to (?P<ge>\S+)", re.IGNORECASE)),
    ("less_than_equal", re.compile(r"Input should be less than or equal to (?P<le>\S+)", re.IGNORECASE)),
)
"""Typer's words about a value that does not fit, by the kind that pydantic gives such a mistake."""


@dataclass(frozen=True)
class Complaint:
    """code is for programs; errors holds what is wrong one by one, where that is known."""

    code: str
    cause: str
    cure: str
    exit: int = ERROR
    errors: Sequence[Any] = field(default_factory=tuple)
    lines: Sequence[str] = field(default_factory=tuple)
    """The same for people."""

    def json(self) -> dict[str, Any]:
        return {"code": self.code, "detail": self.cause, "hint": self.cure, "errors": list(self.errors)}


class Stopped(Exception):
    """A command cannot go on, for a reason that it can name."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.cause)
        self.complaint = complaint


def complaint_of(error: BaseException, texts: Texts) -> Complaint:
    """The complaint for any error: of the engine, of the operating system, or unknown; each with its cure."""
    # read here: --help and a mistyped option need no engine
    from caseward.app.extras import extra_of
    from workflow.cron import CronError
    from workflow.errors import (
        Conflict,
        DatabaseUnusable,
        DefinitionError,
        DiskUnusable,
        Fenced,
        NeedsPerson,
        NoReason,
        NotAllowed,
        NotFound,
        NotOneOf,
        RemoteError,
        SettingsError,
        WorkflowError,
    )
    from workflow.files.plain import NotLooked
    from workflow.flow.mistakes import FunctionFailed, mistake_of
    from workflow.intake.gives import NotTaken
    from workflow.schedules.schedule import BadSchedule
    from workflow.schedules.targets import BadTarget
    from workflow.sentence import Sentence, machine_said
    from workflow.store.values import Duplicate

    if needed := extra_of(error):
        library, extra = needed
        cause = texts("error.extra", library=library)
        return Complaint("extra_missing", cause, texts("cure.extra", extra=f"caseward[{extra}]"))
    match error:
        case Stopped():
            return error.complaint
        case SettingsError():
            return Complaint(
                "wrong_settings",
                texts("error.settings", name=error.name, what=texts.told(error.what)),
                texts.told(error.cure),
                USAGE,
            )
        case DatabaseUnusable():
            return Complaint(
                "database_unusable",
                texts("error.database", where=error.where, what=texts.told(error.what)),
                texts.told(error.cure),
            )
        case DiskUnusable():
            cause = texts("error.disk", where=error.where, what=texts.told(error.what))
            return Complaint("disk_unusable", cause, texts.told(error.cure))
        case NotFound():
            kind = f"kind.{error.kind}"
            named = texts(kind) if kind in texts else error.kind
            named_cure = f"cure.not_found.{error.kind}"
            cure = texts(named_cure if named_cure in texts else "cure.look_again")
            return Complaint("not_found", texts("error.not_found", kind=named, name=error.name), cure, NOT_FOUND)
        case Duplicate():
            cause = texts("error.duplicate", first=error.first, second=error.second)
            return Complaint("duplicate", cause, texts("cure.duplicate", first=error.first), CONFLICT)
        case Conflict():
            cause = texts("error.conflict", case=error.case, why=texts.told(error.why))
            cure = texts.told(error.cure) if error.cure else texts("cure.conflict")
            return Complaint("conflict", cause, cure, CONFLICT)
        case NotOneOf():
            cause = texts("error.not_found", kind=texts(f"kind.{error.kind}"), name=error.name)
            cure = texts("cure.one_of", names=", ".join(error.known)) if error.known else texts("cure.none_there")
            return Complaint("usage", cause, cure, USAGE)
        case NoReason():
            cause = texts("error.short_reason", n=error.length, least=error.least)
            return Complaint("reason_required", cause, texts("cure.short_reason"), USAGE)
        case NotAllowed():
            cause = texts("error.not_allowed", case=error.case, what=texts.told(error.what), why=texts.told(error.why))
            return Complaint("not_allowed", cause, texts("cure.not_allowed", case=error.case), REFUSED)
        case DefinitionError():
            cause = texts("error.definition", where=error.where, what=texts.told(error.what))
            return Complaint("error", cause, texts("cure.definition", cure=texts.told(error.cure)))
        case CronError() | BadTarget() | BadSchedule():
            return Complaint("error", error.told(texts.language), texts("cure.error"))
        case NotTaken():
            cause, cure = error.told(texts.language)
            return Complaint(error.code, cause, cure, USAGE)
        case RemoteError():
            kind = next(kind.__name__ for kind in type(error).mro() if f"error.remote.{kind.__name__}" in texts)
            why = texts.told(error.why)
            cause = texts(f"error.remote.{kind}", adapter=error.adapter, step=error.step, why=why)
            return Complaint("error", cause, texts("cure.error"))
        case NeedsPerson():
            seen = ", ".join(f"{name}={value}" for name, value in error.seen.items())
            return Complaint("error", texts("error.needs_person", kind=error.kind, seen=seen), texts("cure.error"))
        case Fenced():
            cause = texts("error.conflict", case=error.case, why=texts.told(error.why))
            return Complaint("error", cause, texts("cure.conflict"))
        case FunctionFailed() if (mistake := mistake_of(error)) is not None:
            cause = texts("error.function_failed", what=error.what, why=error.why)
            return Complaint("error", cause, texts("cure.function_failed", place=mistake.place))
        case NotLooked():
            return Complaint(
                "not_looked_at", texts("error.not_looked", why=texts.told(error.why)), texts("cure.not_looked")
            )
        case WorkflowError():
            said = error.args[0] if error.args else type(error).__name__
            cause = texts.told(said) if isinstance(said, Sentence) else texts("error.said", said=said)
            return Complaint("error", cause, texts("cure.error"))
        case UnicodeError():
            what = texts("what.typed")
            cause = texts("error.not_text", what=what, why=type(error).__name__)
            return Complaint("usage", cause, texts("cure.not_text"), USAGE)
        case OSError():
            name = error.filename if isinstance(error.filename, str) else ""
            why = texts.told(machine_said(error))
            cause = texts("error.file", name=name, why=why) if name else why
            # somebody named what does not exist; other errors are the machine's
            ends = USAGE if isinstance(error, FileNotFoundError) else ERROR
            return Complaint("file", cause, texts("cure.file"), ends)
        case _:
            cause = texts("error.unexpected", kind=type(error).__name__, said=str(error).split("\n")[0])
            return Complaint("unexpected", cause, texts("cure.unexpected"))


def usage_complaint(
    message: str, command: str, texts: Texts, near: str | None = None, *, whole: str = "", told: str = ""
) -> Complaint:
    """The complaint about a mistyped command line.

    whole: the command with all it needs; told: what the option is about.
    """
    cause, cure = message.strip().rstrip("."), texts("cure.usage", command=command)
    for name, pattern in USAGE_SAID:
        if found := pattern.match(message):
            parts = {part: _bare(value) for part, value in found.groupdict().items() if value is not None}
            if why := parts.get("why"):
                parts["why"] = _of_value(why, texts)
            cause = texts(f"usage.{name}", **parts)
            if name == "missing":
                cause = texts("usage.missing.told", told=told.rstrip(".。"), **parts) if told else cause
                cure = texts("cure.whole", whole=whole, command=command)
            break
    if near:
        cure = texts("cure.near", near=near, command=command)
    return Complaint("usage", cause, cure, USAGE)


def _bare(value: str) -> str:
    """Without the quotes around it, also where several names of one option are quoted each."""
    return value.strip("'\"").replace("' / '", " / ")


def _of_value(why: str, texts: Texts) -> str:
    """What is wrong with the value of an option, in our words; in Typer's where we have none."""
    for kind, pattern in VALUE_SAID:
        if found := pattern.fullmatch(why.strip().rstrip(".")):
            return texts(f"said.value.{kind}", **found.groupdict())
    return why[:1].lower() + why[1:]
