"""A mistake of ours, told apart from an answer of the world: which function failed, how, and where in the code."""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

import structlog
from pydantic import ValidationError

from workflow.errors import DiskUnusable, RemoteError, WorkflowError
from workflow.plain_text import plain_text
from workflow.record.columns import recordable
from workflow.record.database import passing

log = structlog.get_logger()

LONGEST = 2000
"""So many characters of an error, or of a value that did not fit, are kept."""

MOST_FIELDS = 100


class FunctionFailed(WorkflowError):
    """A function of a flow raised, or gave something that it must not give. The cause says what it raised."""

    def __init__(self, what: str, why: str, function: Callable[..., Any] | None = None) -> None:
        what, why = plain_text(what, LONGEST), plain_text(why, LONGEST)
        super().__init__(f"{what}: {why}")
        self.what, self.why, self.function = what, why, function


def is_told(error: BaseException, task: asyncio.Task[Any] | None = None) -> bool:
    """Whether this was told us from outside: the process is interrupted, or the task was cancelled or closed.

    What a function raises by itself is none of these, even where it has the same class: a library that lost its
    connection leaves CancelledError behind in a task that nobody cancelled. task: in which the function was awaited.
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
    """Whether what was called failed: SystemExit, or CancelledError that nobody asked for, ends one call alone."""
    return isinstance(error, Exception | SystemExit | asyncio.CancelledError) and not is_told(error)


@dataclass(frozen=True)
class Mistake:
    """What a person needs to find it: the function of the flow, the error, and the place in the code."""

    function: str
    """As in "guard order_paid"; empty where it was none of the flow's."""
    error: str
    """The class and the words; values of a person's data are left out."""
    place: str
    """Module, line and function; of the flow's own code where it was passed through."""

    def seen(self) -> dict[str, str]:
        told = {"function": self.function, "error": self.error, "place": self.place}
        return {name: value for name, value in told.items() if value}


def mistake_of(error: BaseException, what: str = "") -> Mistake | None:
    """The mistake behind an error, or None where it is the world's: a RemoteError, a time-out, a silent database."""
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
    """What is behind an error: FunctionFailed says only which function it came out of."""
    while isinstance(error, FunctionFailed) and error.__cause__ is not None:
        error = error.__cause__
    return error


def of_the_machine(error: BaseException) -> bool:
    """Whether what is behind an error is a disk or a database in trouble, which is no case's."""
    root = root_of(error)
    return isinstance(root, DiskUnusable) or passing(root)


def words(error: BaseException) -> str:
    """An error in one line: its class and what it says. pydantic's errors quote what they were given; this does not."""
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
    """How Python shows a value, or its class where that cannot be had; its first part where it is long."""
    try:
        return plain_text(repr(value), LONGEST)
    except BaseException as unsaid:
        if is_told(unsaid):
            raise
        return plain_text(f"<{type(value).__name__}, which cannot be shown: {type(unsaid).__name__}>", LONGEST)


def shown(value: Any) -> Any:
    """A value as JSON; where it cannot be that, its fields so, or as Python shows them, and of what is long a part."""
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
    """One line of the log for a mistake, with its traceback. The traceback shows no values of variables."""
    trace = trace_of(root_of(error))
    log.error("case.mistake", case=case, flow=flow, state=state, **mistake.seen(), traceback=trace)


def trace_of(error: BaseException) -> str:
    """A traceback for the log, without the values of variables: a token or a card number may be among them."""
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
