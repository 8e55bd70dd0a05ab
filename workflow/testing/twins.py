"""Remotes for tests: they keep each call, answer what the test says, and lose replies, refuse or close on demand."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast

from workflow.errors import Closed, DefinitionError, Refused, Unknown


class TwinMistake(Exception):
    """The test set up a twin wrongly, or the flow calls a method with other parameters than its Protocol has.

    No remote answers so: a bench raises it at once, whatever the flow makes of it.
    """


class NoAnswer(TwinMistake, LookupError):
    """A method was called that was told no answer."""


class Unfit(TwinMistake, TypeError):
    """A method, or the function that answers for it, does not take the parameters that it is called with."""


_mistakes: ContextVar[list[TwinMistake]] = ContextVar("mistakes of twins")


@contextmanager
def noticing() -> Iterator[None]:
    """Raises at its end the first mistake about a twin that was called within."""
    found: list[TwinMistake] = []
    token = _mistakes.set(found)
    try:
        yield
    finally:
        _mistakes.reset(token)
    if found:
        raise found[0]


@dataclass(frozen=True)
class Call:
    """One call that reached a twin. given: the arguments by name. applied: whether the remote did what was asked."""

    method: str
    given: Mapping[str, Any]
    applied: bool


@dataclass
class _Trouble:
    error: Exception
    applied: bool
    times: int


class Twin:
    """Stands behind a Protocol of a flow in its tests: `bench(flow, folder, adapters={Office: Twin(Office)})`.

    behind: a remote of the test's own, to which the calls go on; without it the twin answers what answers() was told,
    and None where a method gives back nothing.
    """

    def __init__(self, protocol: type, behind: object | None = None, *, name: str | None = None) -> None:
        self._protocol, self._behind, self._name = protocol, behind, name or protocol.__name__.lower()
        self._methods = _methods(protocol)
        self._answers: dict[str, object] = {}
        self._troubles: dict[str, list[_Trouble]] = {}
        self._closed = False
        self._until: datetime | None = None
        self.calls: list[Call] = []
        """All calls, in order."""
        if both := sorted(name for name in self._methods if hasattr(type(self), name) or name == "calls"):
            raise DefinitionError(protocol.__name__, "twin_name", method=both[0])

    def __repr__(self) -> str:
        return f"<Twin of {self._protocol.__name__}>"

    def answers(self, method: str, answer: object) -> None:
        """What the method answers from now on: a value, or a function that is called with the call's arguments."""
        self._known(method)
        self._answers[method] = answer

    def fails(self, method: str, error: Exception, *, times: int = 1, applied: bool = False) -> None:
        """Let the method's next calls raise this. applied: the remote does what was asked all the same."""
        self._known(method)
        self._troubles.setdefault(method, []).append(_Trouble(error, applied, times))

    def refuses(self, method: str, why: str = "no", *, times: int = 1) -> None:
        """Let the method's next calls be refused; nothing is applied."""
        self.fails(method, Refused(self._name, method, why), times=times)

    def loses_reply(self, method: str, *, times: int = 1) -> None:
        """Let the method's next calls be applied, and their replies be lost."""
        self.fails(method, Unknown(self._name, method, "the reply was lost"), times=times, applied=True)

    def loses_request(self, method: str, *, times: int = 1) -> None:
        """Let the method's next calls be lost on their way: nothing is applied, and nobody can know that."""
        self.fails(method, Unknown(self._name, method, "the request was lost"), times=times)

    def closes(self, until: datetime | None = None) -> None:
        """Let every call find the remote closed, until opens()."""
        self._closed, self._until = True, until

    def opens(self) -> None:
        self._closed = False

    def applied(self, method: str) -> list[Mapping[str, Any]]:
        """The arguments of those calls of a method that the remote did, in order."""
        self._known(method)
        return [call.given for call in self.calls if call.method == method and call.applied]

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        if name.startswith("_") or name not in self._methods:
            raise AttributeError(f"{self._protocol.__name__} has no method {name}")
        return partial(self._call, name)

    async def _call(self, method: str, /, *args: Any, **named: Any) -> Any:
        signature = inspect.signature(self._methods[method])
        try:
            bound = signature.bind(self, *args, **named)
        except TypeError as error:
            wanted = ", ".join(list(signature.parameters)[1:]) or "nothing"
            raise _noted(Unfit(f"{self!r}: {method} takes {wanted}: {error}; mend the call")) from error
        bound.apply_defaults()
        given = dict(list(bound.arguments.items())[1:])
        trouble = self._trouble(method)
        if trouble is not None and not trouble.applied:
            self.calls.append(Call(method, given, applied=False))
            raise trouble.error
        try:
            answer = await self._answer(method, given)
        except Exception:
            self.calls.append(Call(method, given, applied=False))
            raise
        self.calls.append(Call(method, given, applied=True))
        if trouble is not None:
            raise trouble.error
        return answer

    def _trouble(self, method: str) -> _Trouble | None:
        if self._closed:
            return _Trouble(Closed(self._name, method, "it is closed", self._until), applied=False, times=1)
        waiting = self._troubles.get(method)
        if not waiting:
            return None
        waiting[0].times -= 1
        return waiting[0] if waiting[0].times else waiting.pop(0)

    async def _answer(self, method: str, given: Mapping[str, Any]) -> Any:
        if method in self._answers:
            answer = self._answers[method]
            if callable(answer):
                self._check_taken(method, answer, given)
                answer = answer(**given)
        elif self._behind is not None:
            answer = getattr(self._behind, method)(**given)
        elif inspect.signature(self._methods[method]).return_annotation in (None, "None"):
            answer = None
        else:
            said = f"{self!r} has no answer to {method}, which is called with {_names(given)}"
            raise _noted(NoAnswer(f"{said}; say answers({method!r}, ...)"))
        return await answer if inspect.isawaitable(answer) else answer

    def _check_taken(self, method: str, answer: Callable[..., object], given: Mapping[str, Any]) -> None:
        """Raises Unfit where the function that answers does not take the parameters of the call."""
        try:
            taken = inspect.signature(answer)
        except ValueError:  # it is written in C and says nothing of its parameters
            return
        try:
            taken.bind(**given)
        except TypeError as error:
            said = f"{self!r}: {method} is called with {_names(given)}, and its answer is a function of {taken}"
            cure = f"say answers({method!r}, lambda {', '.join(given)}: ...)"
            raise _noted(Unfit(f"{said}; {cure}")) from error

    def _known(self, method: str) -> None:
        if method not in self._methods:
            raise DefinitionError(
                self._protocol.__name__, "twin_no_method", method=method, known=", ".join(sorted(self._methods))
            )


def _noted(mistake: TwinMistake) -> TwinMistake:
    """The mistake, which the bench that is at work gets to know."""
    _mistakes.get([]).append(mistake)
    return mistake


def _names(given: Mapping[str, Any]) -> str:
    return ", ".join(given) or "nothing"


def _methods(protocol: type) -> dict[str, Callable[..., Any]]:
    bases = [base for base in reversed(protocol.__mro__) if base not in (object, cast(type, Protocol))]
    return {
        name: member
        for base in bases
        for name, member in vars(base).items()
        if not name.startswith("_") and inspect.isfunction(member)
    }
