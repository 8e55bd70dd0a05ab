"""Every error that the engine raises or understands.

WorkflowError
├── DefinitionError       a flow contradicts itself; raised while it is imported or started
├── SettingsError         a setting is missing or wrong; raised at start-up
├── DatabaseUnusable      locked, read-only, of another version, not there
│   └── SchemaIsNewer     the record needs what this process does not know
├── DiskUnusable          a file of the data folder cannot be written: full, read-only, not ours
├── CommandError          a person's command is not accepted
│   ├── NotFound          404: no such case, account, incident
│   ├── NoReason          the reason that a command needs says nothing
│   ├── Conflict          409: somebody was faster or is at work
│   │   └── NotStated     what became of an effect has to be stated first
│   └── NotAllowed        the case's state or a rule forbids it
│       ├── NotOneOf      a name that is none of those that there are
│       └── NotByHand     an incident that is closed by something else than a person's word
├── Fenced                this worker's right to the case or the account is gone
├── NeedsPerson           only a person can settle it: the case is parked with an incident
└── RemoteError           what is certain about a failed call
    ├── NotSent           nothing left this machine
    ├── Refused           the remote said no, definitely
    ├── LoginNeeded       the session is dead, definitely
    ├── Closed            the remote is shut
    ├── Drifted           the answer or the page is not what it should be; nothing irreversible was done
    └── Unknown           something may have happened
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from workflow.flaws import FLAWS
from workflow.plain_text import plain_text
from workflow.sentence import Sentence


class WorkflowError(Exception):
    """Anything that Caseward itself raises. said: all that it says, where that is a sentence of ours."""

    said: Sentence | None = None


class DefinitionError(WorkflowError):
    """A flow contradicts itself: what, where, and the cure."""

    def __init__(self, where: str, code: str, /, **parts: object) -> None:
        """code: what is wrong, one of FLAWS. parts: what fills in its places."""
        what, cure = FLAWS[code]
        self.where, self.what = where, Sentence(f"flaw.{code}", what, **parts)
        self.cure = Sentence(f"flaw.{code}.cure", cure, **parts)
        super().__init__(f"{where}: {self.what}; {self.cure}")


class SettingsError(WorkflowError):
    """A setting is missing or wrong."""

    def __init__(self, name: str, what: Sentence, cure: Sentence) -> None:
        super().__init__(f"{name}: {what}; {cure}")
        self.name, self.what, self.cure = name, what, cure


class DatabaseUnusable(WorkflowError):
    """The database cannot be worked with, and why."""

    def __init__(self, where: str, what: Sentence, cure: Sentence) -> None:
        super().__init__(f"database {where}: {what}; {cure}")
        self.where, self.what, self.cure = where, what, cure


class SchemaIsNewer(DatabaseUnusable):
    """The record needs what this process does not know, which would write it wrongly."""


class DiskUnusable(WorkflowError):
    """A file cannot be written, and why. No case is to blame, and what was to be done has not begun."""

    def __init__(self, where: str, what: Sentence, cure: Sentence) -> None:
        super().__init__(f"{where}: {what}; {cure}")
        self.where, self.what, self.cure = where, what, cure


class CommandError(WorkflowError):
    """A person's command is not accepted."""


class NotFound(CommandError):
    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"there is no {kind} {name}")
        self.kind, self.name = kind, name


class Conflict(CommandError):
    """Somebody was faster, or is at work right now."""

    def __init__(self, case: str, why: Sentence, cure: Sentence | None = None) -> None:
        super().__init__(f"case {case}: {why}" + (f"; {cure}" if cure else ""))
        self.case, self.why, self.cure = case, why, cure


class NotAllowed(CommandError):
    def __init__(self, case: str, what: Sentence, why: Sentence) -> None:
        super().__init__(f"case {case}: {what} is not allowed: {why}")
        self.case, self.what, self.why = case, what, why


class NotStated(Conflict):
    """A person puts a case somewhere, and says nothing of an effect that nobody could tell. name: what it is called."""

    def __init__(self, case: str, why: Sentence, action: str, name: str) -> None:
        super().__init__(case, why)
        self.action, self.name = action, name


class NotOneOf(NotAllowed):
    """A command names what there is not. kind: what it names, in a word; known: those that there are."""

    def __init__(self, case: str, kind: str, name: str, known: Collection[str]) -> None:
        there = Sentence("one_of_those", "name one of: {known}", known=", ".join(known))
        none = Sentence("none_of_those", "there are none")
        why = Sentence("no_such", "there is no such {kind}; {cure}", kind=kind, cure=there if known else none)
        super().__init__(case, Sentence("this_name", "{name}", name=name), why)
        self.kind, self.name, self.known = kind, name, tuple(known)


class NotByHand(NotAllowed):
    """Closing an incident would leave the matter as it is. way: what closes it, in a word; name: what that names."""

    def __init__(self, case: str, kind: str, way: str, name: str = "") -> None:
        why = Sentence("matter_would_stay", "the matter would stay as it is")
        super().__init__(case, Sentence("to_close_incident", "to close the incident {kind}", kind=kind), why)
        self.kind, self.way, self.name = kind, way, name


class NoReason(CommandError):
    """The reason that a command needs has so many characters, and needs at least so many."""

    def __init__(self, length: int, least: int) -> None:
        super().__init__(f"the reason has {length} characters; it needs {least}")
        self.length, self.least = length, least


class Fenced(WorkflowError):
    """This worker's right to the case or account is gone; whatever it knows is testimony, not an outcome."""

    def __init__(self, case: str, why: str) -> None:
        super().__init__(f"case {case}: {why}")
        self.case, self.why = case, why


class NeedsPerson(WorkflowError):
    """A function of a flow found something that only a person can settle: the case is parked with an incident."""

    def __init__(self, kind: str, **seen: object) -> None:
        super().__init__(plain_text(f"{kind}: " + ", ".join(f"{name}={value}" for name, value in seen.items())))
        self.kind, self.seen = kind, seen


class RemoteError(WorkflowError):
    """A call to a remote system failed; the class says what is certain about it."""

    def __init__(self, adapter: str, step: str, why: str) -> None:
        if not isinstance(why, Sentence):
            why = plain_text(why)  # it may quote a page or a reply
        super().__init__(f"{adapter}: {step}: {why}")
        self.adapter, self.step, self.why = adapter, step, why


class NotSent(RemoteError):
    """Nothing left this machine, or nothing irreversible was reached: run it again later."""


class Refused(RemoteError):
    """The remote said no for certain; nothing was applied."""


class LoginNeeded(RemoteError):
    """The session is dead, on the remote's own word; nothing was applied."""


class Closed(RemoteError):
    """The remote is shut; nothing was applied."""

    def __init__(self, adapter: str, step: str, why: str, until: datetime | None = None) -> None:
        super().__init__(adapter, step, why)
        self.until = until


class Drifted(RemoteError):
    """The page or the reply is not the one expected; nothing irreversible was done."""


class Unknown(RemoteError):
    """Bytes of an irreversible step left, and no definite answer came back: it may have happened."""
