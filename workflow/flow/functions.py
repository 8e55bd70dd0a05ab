"""The three kinds of function a flow is made of: facts, guards and actions, and what each may name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal, get_type_hints, overload

from pydantic import TypeAdapter

from workflow.errors import DefinitionError

Function = Callable[..., Any]

GIVEN = frozenset({"case", "now", "settings"})
"""What every function may name, beside the flow's facts."""
ACTION_GIVEN = frozenset({"item", "key", "gate", "codes", "documents"})
"""What only actions and proofs may name, beside adapters."""


@dataclass(frozen=True)
class Need:
    """One parameter of a flow's function; protocol is set where an adapter is meant."""

    name: str
    protocol: type | None


def name_of(function: object) -> str:
    return str(getattr(function, "__name__", None) or getattr(function, "name", None) or repr(function))


def needs(function: Function) -> tuple[Need, ...]:
    """The parameters of a function, adapters known by their Protocol annotation."""
    where = name_of(function)
    try:
        hints = get_type_hints(function)
    except NameError as missing:
        raise DefinitionError(
            where, f"its annotations name {missing.name!r}, unknown at run time", "import it outside TYPE_CHECKING"
        ) from missing
    found = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise DefinitionError(where, f"takes *{parameter.name}", "name each parameter")
        hint = hints.get(parameter.name)
        engine_gives = parameter.name in GIVEN | ACTION_GIVEN
        is_protocol = not engine_gives and isinstance(hint, type) and getattr(hint, "_is_protocol", False)
        found.append(Need(parameter.name, hint if is_protocol else None))
    return tuple(found)


class Fact:
    """A question to the outside, asked at most once a look; its answer is a frozen value and is recorded."""

    def __init__(
        self,
        function: Function,
        version: int = 1,
        upcast: Callable[[int, Any], Any] | None = None,
        volatile: tuple[str, ...] = (),
    ) -> None:
        self.function, self.version, self.upcast, self.volatile = function, version, upcast, volatile
        self.name = function.__name__
        self.__doc__ = function.__doc__
        if not inspect.iscoroutinefunction(function):
            raise DefinitionError(f"fact {self.name}", "is not asynchronous", "write it with async def")

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.function(*args, **named)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        return needs(self.function)

    @cached_property
    def answer(self) -> TypeAdapter[Any]:
        hint = get_type_hints(self.function).get("return", inspect.Parameter.empty)
        if hint is inspect.Parameter.empty:
            raise DefinitionError(f"fact {self.name}", "says not what it answers", "annotate what it returns")
        return TypeAdapter(hint)

    def dump(self, value: object) -> object:
        """As it is recorded; raises where the answer is not what the fact says it answers."""
        return self.answer.dump_python(value, mode="json", warnings="error")

    def load(self, version: int, value: object) -> object:
        """A recorded answer, an older one through the upcast."""
        if version != self.version:
            if self.upcast is None:
                raise DefinitionError(
                    f"fact {self.name}", f"was recorded as version {version}, is {self.version}", "give it an upcast"
                )
            value = self.upcast(version, value)
        return self.answer.validate_python(value)


@overload
def fact(function: Function) -> Fact: ...
@overload
def fact(
    *, version: int = 1, upcast: Callable[[int, Any], Any] | None = None, volatile: tuple[str, ...] = ()
) -> Callable[[Function], Fact]: ...
def fact(
    function: Function | None = None,
    *,
    version: int = 1,
    upcast: Callable[[int, Any], Any] | None = None,
    volatile: tuple[str, ...] = (),
) -> Fact | Callable[[Function], Fact]:
    """Mark a question to the outside. volatile names the fields of the answer that a wait's digest leaves out."""
    if function is not None:
        return Fact(function)
    return lambda asked: Fact(asked, version, upcast, volatile)


Once = Literal["round", "case"]


class Action:
    """What changes the outside world; its class says what a lost reply means."""

    def __init__(
        self,
        function: Function,
        *,
        repeatable: bool,
        proof: Function | None,
        blind: Literal["sent", "incident"] | None,
        each: Function | None,
        once: Once | None,
        takes: timedelta | None,
    ) -> None:
        self.function, self.name, self.__doc__ = function, function.__name__, function.__doc__
        self.repeatable, self.proof, self.blind, self.each, self.once, self.takes = (
            repeatable,
            proof,
            blind,
            each,
            once,
            takes,
        )
        where = f"action {self.name}"
        if not inspect.iscoroutinefunction(function):
            raise DefinitionError(where, "is not asynchronous", "write it with async def")
        if sum((repeatable, proof is not None, blind is not None)) != 1:
            raise DefinitionError(where, "has no single class", "say repeatable=True, proof=... or blind=...")
        if not repeatable and once is None:
            raise DefinitionError(where, "may happen any number of times", 'say once="round" or once="case"')
        if proof is not None and not inspect.iscoroutinefunction(proof):
            raise DefinitionError(where, f"its proof {name_of(proof)} is not asynchronous", "write it with async def")
        if each is not None and inspect.iscoroutinefunction(each):
            raise DefinitionError(where, f"{name_of(each)} is asynchronous", "name the facts it needs as parameters")
        if each is not None and "item" not in {need.name for need in self.needs}:
            raise DefinitionError(where, "does not name item, though it is done for each", "give it the parameter item")

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.function(*args, **named)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        return needs(self.function)

    @cached_property
    def proof_needs(self) -> tuple[Need, ...]:
        return needs(self.proof) if self.proof else ()

    @cached_property
    def each_needs(self) -> tuple[Need, ...]:
        return needs(self.each) if self.each else ()

    @cached_property
    def item(self) -> TypeAdapter[Any]:
        """How an item is written into the decision and read back."""
        return TypeAdapter(get_type_hints(self.function)["item"])

    @property
    def kind(self) -> Literal["repeatable", "proof", "blind"]:
        return "repeatable" if self.repeatable else "proof" if self.proof else "blind"


def action(
    *,
    repeatable: bool = False,
    proof: Function | None = None,
    blind: Literal["sent", "incident"] | None = None,
    each: Function | None = None,
    once: Once | None = None,
    takes: timedelta | None = None,
) -> Callable[[Function], Action]:
    """Mark what changes the outside world, and say what a lost reply means.

    repeatable: no irreversible step, run it again. proof: an async question that answers Done, NotDone, Partly or
    CannotTell. blind: nobody can tell; "sent" takes it as sent, "incident" asks a person.
    takes: how long it may need at most; required where an adapter of it has a calendar.
    """
    return lambda function: Action(
        function, repeatable=repeatable, proof=proof, blind=blind, each=each, once=once, takes=takes
    )


def arguments(wanted: tuple[Need, ...], given: Mapping[str, object]) -> dict[str, object]:
    """The named arguments of a function; raises KeyError with the first name that is not given."""
    return {need.name: given[need.name] for need in wanted}
