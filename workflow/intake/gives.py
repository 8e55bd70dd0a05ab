"""What people may give a case that is under way: files, values and secrets, each by a rule of its system."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args

from workflow.errors import CommandError, DefinitionError
from workflow.flow import called, misdeeds
from workflow.flow.case import Case
from workflow.flow.mistakes import FunctionFailed

Kind = Literal["pdf", "picture", "text", "day", "value"]


TOLD = "told"
"""Of what judge of a Give answers: the name by which it is said what became of it."""
DOUBTFUL = "_doubtful"
"""How such a name ends where a person compares the paper before it is used; before it stands which paper it is."""
COMPARISON = "comparison"
"""The Give by which a person says of a doubtful paper whether it is what it is to be: paper, same, seen, reason."""
SECRET = re.compile(r"[a-z][a-z0-9_]{0,19}")


class NotTaken(CommandError):
    """A rule of the system refuses what a person gave, in English and in Chinese, with the cure. code: for programs."""

    def __init__(self, code: str, en: str, zh: str, cure: tuple[str, str]) -> None:
        self.code, self.en, self.zh, self.cures = code, en, zh, cure
        super().__init__(f"{en}; {cure[0]}")

    def told(self, language: str) -> tuple[str, str]:
        """Cause and cure."""
        return (self.zh, self.cures[1]) if language.startswith("zh") else (self.en, self.cures[0])


@dataclass(frozen=True)
class File:
    """A file that was checked. pages: of a PDF; otherwise 1."""

    name: str
    content: bytes
    media_type: str
    pages: int = 1


@dataclass(frozen=True)
class Part:
    """One thing that is asked for. kept_as: the kind under which a file is kept; most: its bytes at most.

    several: its pages may come in several files. optional: it may be left out, and is None then.
    """

    kind: Kind
    kept_as: str = ""
    most: int = 10 * 1024 * 1024
    several: bool = False
    optional: bool = False

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise DefinitionError("part", "no_part_kind", kind=self.kind, known=", ".join(get_args(Kind)))


@dataclass(frozen=True)
class Look:
    """How a file is looked at before it is kept.

    at(contents, about) looks, and answers JSON; the contents are the file and what beside names. It may be carried out
    in a process of its own: a function of a module, which keeps nothing. beside(data): digests of documents that the
    file is compared with. about(case): what else it has to know, as JSON.
    """

    at: Callable[[Sequence[bytes], Mapping[str, Any]], Mapping[str, Any]]
    about: Callable[[Any], Mapping[str, Any]]
    beside: Callable[[Mapping[str, Any]], Sequence[str]] = lambda data: ()


@dataclass(frozen=True)
class Cost:
    """What is spent by something that people give."""

    amount: Decimal
    currency: str
    payee: str


def _as_given(case: Any, given: Mapping[str, Any], today: Any) -> Mapping[str, Any]:
    return given


def _as_looked(case: Any, given: Mapping[str, Any], looked: Mapping[str, Any]) -> Mapping[str, Any]:
    return given


@dataclass(frozen=True)
class Give:
    """Something that people give a case of one flow.

    parts: by name, what is asked for. check(case, given, today) looks at the parts that are no files before anything
    is kept; it answers them as they are meant, or raises NotTaken. patch(data, given) is what changes, files as
    Documents. states: in which it is of use; none named means each that is not final. pages_of(data): the digest of a
    document whose number of pages it must have. looks: by part, how a file is looked at; judge(case, given, looked)
    is told what was seen, and answers as check does; in what it answers, TOLD names how the console says what became
    of it, where that is not the usual. shows(case, given): digests of documents that a person sees beside each other
    before he answers; given is what of the parts is known. mark(case, given): equal as long as what he saw is the same;
    he answers with it, as the part `seen`. party: the part that names one of the case's people or
    firms; then it may be given to all cases of that one at once, with of_party beside what is said. cost(settings):
    what it makes the case spend; its part `amount` has to say the same, so that nobody spends it unaware. instead: it
    takes the place of what the case worked with; what was decided of that is dropped, and the incidents that bar the
    case end. A part `reason` is why the event happened.
    """

    name: str
    flow: str
    parts: Mapping[str, Part]
    patch: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, object]]
    check: Callable[[Any, Mapping[str, Any], Any], Mapping[str, Any]] = _as_given
    states: tuple[str, ...] = ()
    pages_of: Callable[[Mapping[str, Any]], str | None] = field(default=lambda data: None)
    looks: Mapping[str, Look] = field(default_factory=dict)
    judge: Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]] = _as_looked
    shows: Callable[[Any, Mapping[str, Any]], Sequence[str]] = lambda case, given: ()
    mark: Callable[[Any, Mapping[str, Any]], str] = lambda case, given: ""
    party: str = ""
    of_party: Mapping[str, str] = field(default_factory=dict)
    cost: Callable[[Any], Cost] | None = None
    instead: bool = False

    @property
    def files(self) -> list[str]:
        """The names of the parts that are files."""
        return [name for name, part in self.parts.items() if part.kind in ("pdf", "picture")]


def field_given(flow: str, name: str, *, states: tuple[str, ...] = ()) -> Give:
    """A field of the data that people may set by its own name: `caseward case give N NAME=VALUE`."""

    def patch(data: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, object]:
        return {name: given[name]}

    return Give(name, flow, {name: Part("value")}, patch, states=states)


@dataclass(frozen=True)
class SecretKind:
    """A secret that a person hands in, kept encrypted and used once; a code is one kind.

    known(case): by id, what people call all who could hand one in. wanted(case): the ids of those of whom one is wanted
    now. read(text): as it is kept, or None where it is of no such shape.
    """

    name: str
    flow: str
    known: Callable[[Case[Any]], Mapping[str, str]]
    wanted: Callable[[Case[Any]], Collection[str]]
    read: Callable[[str], str | None]

    def __post_init__(self) -> None:
        where = called.secret(self.name)
        if self.name == "captcha" or not SECRET.fullmatch(self.name):
            raise DefinitionError(where, "secret_name")


@dataclass(frozen=True)
class WantedSecret:
    """A secret that a case wants of somebody. owner: the id; name: what people call who hands it in.

    is_shared: somebody else who could hand one in is called so too, or has an id that reads so.
    """

    kind: SecretKind
    owner: str
    name: str
    is_shared: bool = False

    @property
    def said(self) -> str:
        """The name, with the id behind it where the name alone does not say who is meant."""
        return f"{self.name} ({self.owner})" if self.is_shared else self.name

    @property
    def typed(self) -> str:
        """What a person types for the owner: the name, or the id where the name alone does not say who is meant."""
        return self.owner if self.is_shared else self.name


def wanted_secrets(kinds: Sequence[SecretKind], case: Case[Any]) -> list[WantedSecret]:
    """All that a case wants now, whether one lies ready or not. Raises FunctionFailed."""
    found = []
    for kind in kinds:
        known, wanted = who_is_known(kind, case), _asked(kind, "wanted", kind.wanted, case)
        if (
            isinstance(wanted, str)
            or not isinstance(wanted, Collection)
            or not all(isinstance(one, str) for one in wanted)
        ):
            raise FunctionFailed(called.of_secret("wanted", kind.name), misdeeds.no_ids(wanted), kind.wanted)
        for owner in dict.fromkeys(wanted):
            name = known.get(owner, owner)
            others = {word for id_, called in known.items() if id_ != owner for word in (id_, called)}
            found.append(WantedSecret(kind, owner, name, name in others))
    return found


def who_is_known(kind: SecretKind, case: Case[Any]) -> Mapping[str, str]:
    """By id, what people call all who could hand in a secret of this kind. Raises FunctionFailed."""
    known = _asked(kind, "known", kind.known, case)
    if not isinstance(known, Mapping) or not all(isinstance(word, str) for pair in known.items() for word in pair):
        raise FunctionFailed(called.of_secret("known", kind.name), misdeeds.no_names(known), kind.known)
    return known


def _asked(kind: SecretKind, name: str, function: Callable[[Case[Any]], Any], case: Case[Any]) -> Any:
    try:
        return function(case)
    except Exception as error:  # whatever the flow's own function raises is its mistake, and is told as one
        raise FunctionFailed(called.of_secret(name, kind.name), misdeeds.raised(error), function) from error
