"""Functions of a flow, each with a mistake of its author in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.engine.letters import Counter, Letter, Office, S, is_posted, letters, never
from workflow.flow.case import Case, Gate, No
from workflow.flow.compiled import Plan
from workflow.flow.definition import Line, Stay, To
from workflow.flow.functions import action, fact
from workflow.record.values import Message


def broken() -> Any:
    raise KeyError("no such street")


# ---------------------------------------------------------------- one mistake for each kind of function


def broken_guard(case: Case[Letter]) -> bool:
    return bool(broken())


@fact
async def broken_fact(office: Office) -> int:
    return int(broken())


@fact
async def shapeless_fact(office: Office) -> int:
    return "many"  # type: ignore[return-value]


@fact
async def wordless_fact(office: Office) -> Any:
    return object()


def sees_broken(broken_fact: int) -> bool:
    return broken_fact > 3


def sees_shapeless(shapeless_fact: int) -> bool:
    return shapeless_fact > 3


def sees_wordless(wordless_fact: Any) -> bool:
    return bool(wordless_fact)


def wordless_guard(case: Case[Letter]) -> Any:
    return No(value=object())


@action(repeatable=True)
async def broken_action(case: Case[Letter], office: Office) -> None:
    broken()


@action(proof=is_posted, once="round")
async def broken_post(case: Case[Letter], office: Office, key: str) -> None:
    broken()
    await office.post(case.data.to[0], key)


@action(blind="sent", once="round")
async def broken_whisper(case: Case[Letter], office: Office, key: str) -> None:
    broken()
    await office.post(case.data.to[0], key)


@action(blind="incident", once="round")
async def broken_shout(case: Case[Letter], office: Office, key: str) -> None:
    broken()
    await office.post(case.data.to[0], key)


@action(proof=is_posted, once="round")
async def broken_before_the_gate(case: Case[Letter], office: Office, key: str, gate: Gate) -> None:
    await office.counter()
    broken()
    await gate()


def no_items(case: Case[Letter]) -> Any:
    return None


def broken_items(case: Case[Letter]) -> Any:
    return broken()


@action(repeatable=True, each=no_items)
async def for_no_items(case: Case[Letter], item: Any) -> None: ...


@action(repeatable=True, each=broken_items)
async def for_broken_items(case: Case[Letter], item: Any) -> None: ...


def broken_notice(case: Case[Letter]) -> tuple[Message, ...]:
    return (broken(),)


def chatty_notice(case: Case[Letter]) -> Any:
    return "a text"


@fact
async def counted(office: Office) -> Any:
    return await office.counter()


def enough(counted: Counter) -> bool:
    return counted.letters >= 0


def plan(*lines: Line, facts: Any = ()) -> Plan:
    return letters(*lines, facts=facts)


MISTAKES: dict[str, tuple[Callable[[], Plan], str, str]] = {
    "a guard raises": (lambda: plan(To(S.posted, when=broken_guard)), "guard broken_guard", "in broken"),
    "a guard sees what cannot be recorded": (
        lambda: plan(To(S.posted, when=wordless_guard)),
        "guard wordless_guard",
        "",
    ),
    "a fact raises": (
        lambda: plan(To(S.posted, when=sees_broken), facts=[broken_fact]),
        "fact broken_fact",
        "in broken",
    ),
    "a fact answers another type": (
        lambda: plan(To(S.posted, when=sees_shapeless), facts=[shapeless_fact]),
        "fact shapeless_fact",
        "in shapeless_fact",
    ),
    "a fact answers what cannot be recorded": (
        lambda: plan(To(S.posted, when=sees_wordless), facts=[wordless_fact]),
        "fact wordless_fact",
        "in wordless_fact",
    ),
    "a repeatable action raises": (lambda: plan(To(S.posted, do=broken_action)), "action broken_action", "in broken"),
    "an action with a proof raises": (lambda: plan(To(S.posted, do=broken_post)), "action broken_post", "in broken"),
    "a blind action raises": (lambda: plan(To(S.posted, do=broken_whisper)), "action broken_whisper", "in broken"),
    "a blind action for a person raises": (
        lambda: plan(To(S.posted, do=broken_shout)),
        "action broken_shout",
        "in broken",
    ),
    "an action raises before its gate": (
        lambda: plan(To(S.posted, do=broken_before_the_gate)),
        "action broken_before_the_gate",
        "in broken",
    ),
    "items are none": (lambda: plan(Stay(do=for_no_items), To(S.posted, when=never)), "items no_items", "in no_items"),
    "items raise": (lambda: plan(Stay(do=for_broken_items), To(S.posted, when=never)), "broken_items", "in broken"),
    "a notice raises": (lambda: plan(To(S.posted, tell=broken_notice)), "notice broken_notice", "in broken"),
    "a notice is no message": (lambda: plan(To(S.posted, tell=chatty_notice)), "notice chatty_notice", "chatty_notice"),
    "a line learns what the fact has not": (
        lambda: plan(To(S.posted, when=enough, learn={"stamp": "counted.stamps"}), facts=[counted]),
        "line",
        "",
    ),
    "a line learns what does not fit": (
        lambda: plan(To(S.posted, when=enough, learn={"to": "counted.letters"}), facts=[counted]),
        "line",
        "",
    ),
}
