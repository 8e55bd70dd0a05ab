"""Papers that are filed: what the tables that are refused, and their neighbours, are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.flows.paper_values import (
    Coerced,
    Lamp,
    Office,
    OfficeWithPost,
    Open,
    Page,
    Paper,
    Plain,
    Row,
    S,
    Settings,
    Slip,
    Stamp,
    Ticket,
    Value,
    Written,
)
from workflow import Case, Flow, Message, No, State, To, Verdict, action, fact
from workflow.flow.definition import Line

HOUR = timedelta(hours=1)


@fact
async def answer(case: Case[Paper], office: Office) -> str:
    return await office.ask()


@fact
async def ticket(case: Case[Paper], office: Office) -> Ticket | None:
    return None


@fact
async def slip(case: Case[Paper]) -> Slip:
    return Slip(1, "")


@fact
async def row(case: Case[Paper]) -> Row:
    return Row("")


@fact
async def anything(case: Case[Paper]) -> Any:
    return None


@fact
async def open_(case: Case[Paper]) -> Open:
    return Open()


@fact
async def either(case: Case[Paper]) -> Ticket | Slip:
    return Slip(1, "")


@fact
async def plain(case: Case[Paper]) -> Plain:
    return Plain()


@fact
async def page(case: Case[Paper]) -> Page[Stamp]:
    return Page()


@fact
async def written(case: Case[Paper]) -> Written:
    return {"text": ""}


@fact
async def posted(case: Case[Paper], office: OfficeWithPost) -> str:
    await office.post("")
    return ""


FACTS = (answer, ticket, slip, row, anything, open_, either, page, written)


def good(answer: str) -> Verdict:
    return answer == "yes" or No(answer=answer)


def better(answer: str) -> Verdict:
    return answer == "certainly" or No(answer=answer)


def within(limit: int, answer: str) -> Verdict:
    return len(answer) < limit


def yields(answer: str) -> Iterator[bool]:
    yield True


async def async_yields(answer: str) -> Any:
    yield True


def under_limit(settings: Settings, answer: str) -> Verdict:
    return len(answer) < settings.limit


def of_any_settings(settings: Any) -> Verdict:
    return settings is None


def of_maybe_settings(settings: Settings | None) -> Verdict:
    return settings is None


def of_lamps(case: Case[Lamp]) -> Verdict:
    return case.data.room == ""


def of_any_case(case: Case[Any]) -> Verdict:
    return case.round == 0


def of_values(case: Case[Value]) -> Verdict:
    return case.round == 0


def counts(answer: int) -> Verdict:
    return answer > 3


def of_ticket(ticket: Ticket) -> Verdict:
    return ticket.number > 3


def of_any_page(page: Page[Any]) -> Verdict:
    return len(page.rows) > 0


def another_good() -> Callable[..., Verdict]:
    def good(answer: str) -> Verdict:
        return answer == "no"

    return good


def another_answer() -> Any:
    @fact
    async def answer(case: Case[Paper]) -> str:
        return ""

    return answer


@fact
async def limit_fact(settings: Settings) -> int:
    return settings.limit


def asks_limit(limit_fact: int) -> Verdict:
    return limit_fact > 1


@action(repeatable=True)
async def stamp_it(case: Case[Paper], office: Office) -> None: ...


@action(repeatable=True)
async def stamp_twice(case: Case[Paper], office: Office) -> None: ...


@action(repeatable=True)
async def uses_settings(case: Case[Paper], settings: Settings) -> None: ...


def notice(case: Case[Paper]) -> tuple[Message, ...]:
    return ()


def stamps_due(case: Case[Paper]) -> tuple[Stamp, ...]:
    return case.data.stamps


def stamps_one_by_one(case: Case[Paper]) -> Iterator[Stamp]:
    yield from case.data.stamps


def titles_due(case: Case[Paper]) -> list[str]:
    return []


def nothing_due(case: Case[Paper]) -> None: ...


def by_title(case: Case[Paper]) -> Mapping[str, Stamp]:
    return {}


def untold_items(case: Case[Paper]):  # type: ignore[no-untyped-def]
    return ()


def for_each(items: Any, kind: Any = Stamp) -> Any:
    async def stamp_each(case: Case[Paper], item: Any) -> None: ...

    stamp_each.__annotations__["item"] = kind
    return action(repeatable=True, each=items)(stamp_each)


def giving(kind: Any) -> Any:
    """An action that says it gives this back."""

    async def give(case: Case[Paper]) -> Any: ...

    give.__annotations__["return"] = kind
    return action(repeatable=True)(give)


def fact_of(kind: Any) -> Any:
    async def told(case: Case[Paper]) -> Any: ...

    told.__annotations__["return"] = kind
    return fact(told)


def saying(**named: Any) -> Any:
    async def say(case: Case[Paper]) -> None: ...

    return action(**named)(say)


def unlike(value: Any) -> Any:
    """What does not go where it is put; the type checker is not told."""
    return value


END = State(S.done, "完", final=True)


def flow(*lines: Line, more: tuple[State, ...] = (), **named: Any) -> Flow:
    state: dict[str, Any] = {name: named.pop(name) for name in ("recheck", "told_after") if name in named}
    given = {"data": Paper, "facts": FACTS, **named}
    first = State(S.new, "新", *lines, **{"waits_for": "office", **state})
    return Flow("papers", version=1, states=[first, *more, END], **given)


def filed(*lines: Line) -> State:
    return State(S.filed, "已交", *lines, waits_for="office")


def doing(done: Any) -> Flow:
    return flow(To(S.done, when=good, do=done))


def learning(target: str, source: str, **named: Any) -> Flow:
    return flow(To(S.done, when=good, learn={target: source}), **named)


def counting() -> Any:
    @fact
    async def count(case: Case[Coerced]) -> int:
        return 1

    return count


Make = Callable[[], Flow]
