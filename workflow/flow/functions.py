"""The three kinds of function a flow is made of: facts, guards and actions, and what each may name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from typing import Any, Generic, Literal, TypeVar, cast, get_args, get_type_hints, overload

from pydantic import TypeAdapter
from pydantic.errors import PydanticUserError

from workflow.errors import DefinitionError
from workflow.flow import called
from workflow.flow.shapes import hints_of, items, part, shown
from workflow.sentence import Sentence

Function = Callable[..., Any]
Asynchronous = TypeVar("Asynchronous", bound=Callable[..., Coroutine[Any, Any, Any]])
F = TypeVar("F", covariant=True)

GIVEN = frozenset({"case", "now", "settings"})
"""What every function may name, beside the flow's facts."""
ACTION_GIVEN = frozenset({"item", "key", "gate", "codes", "documents"})
"""What only actions and proofs may name, beside adapters."""


@dataclass(frozen=True)
class Need:
    """One parameter of a flow's function; protocol is set where an adapter is meant."""

    name: str
    protocol: type | None
    hint: Any = field(default=Any, compare=False)
    """How it is annotated."""


def name_of(function: object) -> str:
    return str(getattr(function, "__name__", None) or getattr(function, "name", None) or repr(function))


def needs(function: Function) -> tuple[Need, ...]:
    """The parameters of a function; a Protocol as annotation marks an adapter."""
    where = name_of(function)
    try:
        hints = get_type_hints(function)
    except NameError as missing:
        raise DefinitionError(where, "annotation_unknown", missing=repr(missing.name)) from missing
    except Exception as error:
        raise DefinitionError(where, "annotation_unread", kind=type(error).__name__, error=error) from error
    found = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise DefinitionError(where, "by_place_alone", parameter=parameter.name)
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise DefinitionError(where, "takes_any", parameter=parameter.name)
        hint = hints.get(parameter.name)
        engine_gives = parameter.name in GIVEN | ACTION_GIVEN
        is_protocol = not engine_gives and isinstance(hint, type) and getattr(hint, "_is_protocol", False)
        found.append(Need(parameter.name, hint if is_protocol else None, hints.get(parameter.name, Any)))
    return tuple(found)


def check_named(where: str, role: Callable[[str], Sentence], given: object) -> None:
    """Raise where something else than a named function stands in a function's place. role: what it is called there."""
    told = role(name_of(given))
    if isinstance(given, partial):
        raise DefinitionError(where, "partial_nameless", told=told)
    if isinstance(given, str):
        raise DefinitionError(where, "function_quoted", told=told)
    if isinstance(given, type):
        raise DefinitionError(where, "class_no_function", told=told)
    if not callable(given) or not hasattr(given, "__name__"):
        raise DefinitionError(where, "function_called", told=told)


def _recorded(where: str, what: Literal["answer", "item"], hint: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(hint)
    except PydanticUserError as error:
        is_of_typing = error.code == "typed-dict-version"
        if what == "item":
            raise DefinitionError(where, "item_of_typing" if is_of_typing else "item_odd", hint=shown(hint)) from error
        raise DefinitionError(where, "answer_of_typing" if is_of_typing else "answer_odd", hint=shown(hint)) from error


class Fact:
    """A question to the outside, asked at most once in a look; its answer is a frozen value and is recorded."""

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
            raise DefinitionError(called.fact(self.name), "not_async")

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        return needs(self.function)

    @cached_property
    def answer(self) -> TypeAdapter[Any]:
        hint = get_type_hints(self.function).get("return", inspect.Parameter.empty)
        if hint is inspect.Parameter.empty:
            raise DefinitionError(called.fact(self.name), "no_answer_type")
        return _recorded(called.fact(self.name), "answer", hint)

    def dump(self, value: object) -> object:
        """The answer as it is recorded. Raises where it is not of the type that the fact says."""
        return self.answer.dump_python(value, mode="json", warnings="error")

    def load(self, version: int, value: object) -> object:
        """A recorded answer as a value; one of an older version goes through upcast."""
        if version != self.version:
            if self.upcast is None:
                raise DefinitionError(called.fact(self.name), "fact_version", was=version, now=self.version)
            value = self.upcast(version, value)
        return self.answer.validate_python(value)


class TypedFact(Fact, Generic[F]):
    """A fact that a test may call like the function that it was made of."""

    @property
    def __call__(self) -> F:
        return cast(F, self.function)


@overload
def fact(function: Asynchronous) -> TypedFact[Asynchronous]: ...
@overload
def fact(
    *, version: int = 1, upcast: Callable[[int, Any], Any] | None = None, volatile: tuple[str, ...] = ()
) -> Callable[[Asynchronous], TypedFact[Asynchronous]]: ...
def fact(
    function: Asynchronous | None = None,
    *,
    version: int = 1,
    upcast: Callable[[int, Any], Any] | None = None,
    volatile: tuple[str, ...] = (),
) -> TypedFact[Asynchronous] | Callable[[Asynchronous], TypedFact[Asynchronous]]:
    """Mark a question to the outside. volatile names the fields of the answer that a wait's digest leaves out."""
    if function is not None:
        return TypedFact(function)
    return lambda asked: TypedFact(asked, version, upcast, volatile)


Once = Literal["round", "case"]
Blind = Literal["sent", "incident"]


class Action:
    """A change of the outside world; its class says what a lost reply means."""

    def __init__(
        self,
        function: Function,
        *,
        repeatable: bool,
        proof: Function | None,
        blind: Blind | None,
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
        where = called.action(self.name)
        if not inspect.iscoroutinefunction(function):
            raise DefinitionError(where, "not_async")
        if blind is not None and blind not in get_args(Blind):
            raise DefinitionError(where, "blind_value", given=repr(blind))
        if once is not None and once not in get_args(Once):
            raise DefinitionError(where, "once_value", given=repr(once))
        longest: object = takes
        if longest is not None and not (isinstance(longest, timedelta) and longest > timedelta()):
            raise DefinitionError(where, "takes_value", given=longest)
        if sum((repeatable, proof is not None, blind is not None)) != 1:
            raise DefinitionError(where, "no_single_class")
        if not repeatable and once is None:
            raise DefinitionError(where, "any_number")
        if proof is not None and not inspect.iscoroutinefunction(proof):
            raise DefinitionError(where, "proof_not_async", proof=name_of(proof))
        if each is not None:
            self._check_each(where, each)

    def _check_each(self, where: str, each: Function) -> None:
        check_named(where, called.each, each)
        if inspect.iscoroutinefunction(each):
            raise DefinitionError(where, "each_async", each=name_of(each))
        wanted = next((need for need in self.needs if need.name == "item"), None)
        if wanted is None:
            raise DefinitionError(where, "item_unnamed")
        if "item" not in self.function.__annotations__:
            raise DefinitionError(where, "item_untyped")
        _ = self.each_needs
        answered = hints_of(each).get("return", Any)
        try:
            given = items(answered)
        except TypeError:
            raise DefinitionError(where, "each_no_items", each=name_of(each), answered=shown(answered)) from None
        answers = Sentence("its_items_are", "its items {name} are", name=name_of(each))
        for told, kinds in ((answers, given), (Sentence("its_item_is", "its item is"), [wanted.hint])):
            if lacking := next((kind for kind in kinds if not _has_id(kind)), None):
                raise DefinitionError(where, "item_no_id", told=told, lacking=shown(lacking))
        _ = self.item

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
        """Writes an item into the decision, and reads it back."""
        hint = next(need.hint for need in self.needs if need.name == "item")
        return _recorded(called.action(self.name), "item", hint)

    @property
    def kind(self) -> Literal["repeatable", "proof", "blind"]:
        return "repeatable" if self.repeatable else "proof" if self.proof else "blind"


class TypedAction(Action, Generic[F]):
    """An action that a test may call like the function that it was made of."""

    @property
    def __call__(self) -> F:
        return cast(F, self.function)


def action(
    *,
    repeatable: bool = False,
    proof: Function | None = None,
    blind: Blind | None = None,
    each: Function | None = None,
    once: Once | None = None,
    takes: timedelta | None = None,
) -> Callable[[Asynchronous], TypedAction[Asynchronous]]:
    """Mark what changes the outside world, and say what a lost reply means.

    repeatable: no irreversible step, run it again. proof: an async question that answers Done, NotDone, Partly or
    CannotTell. blind: nobody can tell; "sent" takes it as sent, "incident" asks a person.
    takes: how long it may need at most; required where an adapter of it has a calendar.
    """
    return lambda function: TypedAction(
        function, repeatable=repeatable, proof=proof, blind=blind, each=each, once=once, takes=takes
    )


def _has_id(kind: Any) -> bool:
    try:
        return part(kind, "id") is not None
    except AttributeError:
        return False


def arguments(wanted: tuple[Need, ...], given: Mapping[str, object]) -> dict[str, object]:
    """The arguments that a function names. Raises KeyError with the first name that is not given."""
    return {need.name: given[need.name] for need in wanted}
