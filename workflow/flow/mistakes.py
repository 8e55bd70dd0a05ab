"""Tells our own mistakes from answers of the world: which function failed, how, and where in the code."""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

import structlog
from pydantic import ValidationError

from workflow.errors import DatabaseUnusable, DefinitionError, DiskUnusable, RemoteError, WorkflowError
from workflow.plain_text import plain_text
from workflow.record.columns import recordable
from workflow.record.database import passing
from workflow.sentence import Quote, RemoteSaid, Said, Sentence, told_beside

log = structlog.get_logger()

LONGEST = 2000
"""This many characters of an error, or of a value that did not fit, are kept."""

MOST_FIELDS = 100


class FunctionFailed(WorkflowError):
    """A function of a flow raised, or returned a value of a wrong type. Its cause is what the function raised."""

    def __init__(self, what: str, why: str, function: Callable[..., Any] | None = None) -> None:
        what, why = (one if isinstance(one, Said) else plain_text(one, LONGEST) for one in (what, why))
        super().__init__(f"{what}: {why}")
        self.what, self.why, self.function = what, why, function


class LookHung(TimeoutError):
    """A look at a case came to no end."""

    def __init__(self, waited: timedelta) -> None:
        self.said = Sentence("look_hung", "the look came to no end within {waited}", waited=waited)
        super().__init__(self.said)


def is_told(error: BaseException, task: asyncio.Task[Any] | None = None) -> bool:
    """Whether the error came from outside: the process is interrupted, or the task was cancelled or closed.

    An error that a function raises by itself is none, even of the same class: a library that lost its connection leaves
    CancelledError in a task that nobody cancelled. task: the one in which the function was awaited.
    """
    try:
        current = asyncio.current_task()
    except RuntimeError:
        current = None
    if isinstance(error, asyncio.CancelledError):
        return current is None or current.cancelling() > 0
    if isinstance(error, GeneratorExit):
        return task is not None and current is not task
    return isinstance(error, KeyboardInterrupt)


def raised_by_itself(error: BaseException) -> bool:
    """Whether the call itself failed: SystemExit, or a CancelledError that nobody asked for, ends one call alone."""
    return isinstance(error, Exception | SystemExit | asyncio.CancelledError) and not is_told(error)


@dataclass(frozen=True)
class Mistake:
    """What a person needs to find a mistake: the function of the flow, the error, and the place in the code."""

    function: str
    """As in "guard order_paid"; empty where it was none of the flow's."""
    error: str
    """The class and the words; values of people's data are left out."""
    place: str
    """Module, line and function; in the flow's own code where the error passed through it."""

    def told(self) -> dict[str, str]:
        """What it consists of, for a log."""
        parts = {"function": self.function, "error": self.error, "place": self.place}
        return {name: value for name, value in parts.items() if value}

    def seen(self) -> dict[str, Any]:
        """The same for the record, with the codes of our words."""
        return told_beside(**self.told())


def mistake_of(error: BaseException, what: str = "") -> Mistake | None:
    """The mistake behind an error; None where the world caused it: a RemoteError, a time-out, a silent database."""
    function: Callable[..., Any] | None = None
    root = root_of(error)
    layer: BaseException | None = error
    while isinstance(layer, FunctionFailed):
        what, function, layer = what or layer.what, function or layer.function, layer.__cause__
    if isinstance(root, FunctionFailed):
        return Mistake(what, root.why, _defined(function) or _innermost(root))
    if isinstance(root, RemoteError | TimeoutError) or of_the_machine(root):
        return None
    return Mistake(what, words(root), _raised(root) or _defined(function) or _innermost(root))


def root_of(error: BaseException) -> BaseException:
    """The error behind a FunctionFailed, which only says from which function it came."""
    while isinstance(error, FunctionFailed) and error.__cause__ is not None:
        error = error.__cause__
    return error


def of_the_machine(error: BaseException) -> bool:
    """Whether a disk or a database in trouble is behind an error; then it is not the case's own."""
    root = root_of(error)
    return isinstance(root, DiskUnusable) or passing(root)


def said_of(error: BaseException, name: str = "error") -> dict[str, Any]:
    """What a remote's error says, by its code, to stand beside its words: those are English, and are under this name.

    Of an error that was made of another one's words it is that one's; of one that no catalogue can say, nothing.
    """
    said = _coded(error, "")
    return {} if said is None else {"sentences": told_beside(**{name: said})["sentences"]}


def _coded(error: BaseException, text: str) -> RemoteSaid | None:
    root: BaseException | None = root_of(error)
    while isinstance(root, RemoteError) and not isinstance(root.why, Sentence):
        root = root.__cause__
    if not isinstance(root, RemoteError) or not isinstance(root.why, Sentence):
        return None
    kind = next(one.__name__ for one in type(root).__mro__ if one.__module__ == RemoteError.__module__)
    return RemoteSaid(text, kind, root.adapter, root.step, root.why)


def words(error: BaseException) -> Said:
    """An error in one line: its class and its words, without the values that pydantic quotes.

    With its code, where a catalogue can say it.
    """
    told = _in_english(error)
    match root_of(error):
        case DatabaseUnusable() | DiskUnusable() as unusable:
            kind = type(unusable).__name__
            where, what, cure = unusable.where, unusable.what, unusable.cure
            return Sentence("unusable", "{kind}: {where}: {what}; {cure}", kind=kind, where=where, what=what, cure=cure)
        case DefinitionError(where=where, what=what, cure=cure):
            return Sentence(
                "definition_wrong", "DefinitionError: {where}: {what}; {cure}", where=where, what=what, cure=cure
            )
        case WorkflowError(said=Sentence() as said) | LookHung(said=said):
            return said
        case _:
            return _coded(error, told) or Quote(told)


def remote_said(error: RemoteError) -> Said:
    """What a remote's error says, without its class, which the place of the words tells."""
    return _coded(error, plain_text(str(error), LONGEST)) or Quote(str(error))


def _in_english(error: BaseException) -> str:
    name = type(error).__name__
    try:
        if isinstance(error, ValidationError):
            found = error.errors(include_input=False, include_url=False, include_context=False)
            flaws = "; ".join(f"{'.'.join(map(str, flaw['loc'])) or error.title}: {flaw['msg']}" for flaw in found[:5])
            told = f"{error.title}: {flaws}"
        else:
            told = " ".join(str(error).split())
    except BaseException as unsaid:
        if is_told(unsaid):
            raise
        told = f"(its words cannot be had: {type(unsaid).__name__})"
    return plain_text(f"{name}: {told}" if told else name, LONGEST)


def quoted(value: object) -> str:
    """A value as Python shows it, or its class where that fails; the first part of a long one."""
    try:
        return plain_text(repr(value), LONGEST)
    except BaseException as unsaid:
        if is_told(unsaid):
            raise
        return plain_text(f"<{type(value).__name__}, which cannot be shown: {type(unsaid).__name__}>", LONGEST)


def shown(value: Any) -> Any:
    """A value as JSON. Where that fails, its fields as JSON or as Python shows them; of a long one a part."""
    try:
        return recordable(value)
    except BaseException as unfit:
        if is_told(unfit):
            raise
    try:
        fields = list(islice(value.items(), MOST_FIELDS)) if isinstance(value, Mapping) else []
        if fields and all(isinstance(name, str) for name, _ in fields):
            return {plain_text(name, LONGEST): _field(part) for name, part in fields}
    except BaseException as unfit:
        if is_told(unfit):
            raise
    return quoted(value)


def _field(value: Any) -> Any:
    try:
        return recordable(value, LONGEST)
    except BaseException as unfit:
        if is_told(unfit):
            raise
        return quoted(value)


def report(mistake: Mistake, error: BaseException, *, case: str, flow: str, state: str) -> None:
    """Log a mistake in one line, with a traceback that shows no values of variables."""
    trace = trace_of(root_of(error))
    log.error("case.mistake", case=case, flow=flow, state=state, **mistake.told(), traceback=trace)


def trace_of(error: BaseException) -> str:
    """A traceback for the log without the values of variables, which may hold a token or a card number."""
    return plain_text("".join(traceback.format_tb(error.__traceback__)).rstrip())


def _raised(error: BaseException) -> str:
    """Where it was raised: the innermost place outside the engine and the libraries; empty where there is none."""
    own = [found for found in _frames(error.__traceback__) if _is_own(found[0])]
    return _place(*own[-1]) if own else ""


def _innermost(error: BaseException) -> str:
    found = list(_frames(error.__traceback__))
    return _place(*found[-1]) if found else ""


def _place(frame: FrameType, line: int) -> str:
    return f"{frame.f_globals.get('__name__', '?')}, line {line}, in {frame.f_code.co_name}"


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _is_own(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    root, file = module.partition(".")[0], frame.f_code.co_filename
    return not (root == "workflow" or root in sys.stdlib_module_names or "site-packages" in file or file[:1] == "<")


def _defined(function: Callable[..., Any] | None) -> str:
    if function is None:
        return ""
    code = getattr(inspect.unwrap(function), "__code__", None)
    module = getattr(function, "__module__", None) or "?"
    return f"{module}, line {code.co_firstlineno}, in {code.co_name}" if code else str(module)
