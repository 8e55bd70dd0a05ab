"""Gives a case what a person hands in: the system's rule checks it, files are stored, then the case changes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Protocol, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from workflow.clock import Clock
from workflow.engine import refusals
from workflow.engine.commands import Commands
from workflow.engine.context import patched
from workflow.engine.upgrades import as_of_today, read_case
from workflow.errors import Conflict, NotAllowed, NotFound
from workflow.flow.compiled import Plan
from workflow.intake.gives import TOLD, Cost, File, Give, Look, NotTaken
from workflow.intake.times import digits_as_times
from workflow.intake.values import Document
from workflow.record.values import Claim
from workflow.sentence import Sentence
from workflow.store import CaseRow, Store

TRIES = 5
"""A patch is tried this often, where other changes of the case come between."""


class Documents(Protocol):
    """Where files are kept."""

    async def put(self, content: bytes, *, name: str, media_type: str, case: str, kind: str, now: Any) -> str: ...
    async def get(self, reference: str) -> bytes: ...


async def hand_in(
    store: Store,
    clock: Clock,
    documents: Documents,
    plan: Plan,
    people: Commands,
    row: CaseRow,
    give: Give,
    given: Mapping[str, Any],
    *,
    today: date,
    pages_in: Callable[[bytes], int | None],
    look: Callable[[Look, Sequence[bytes], Mapping[str, Any]], Mapping[str, Any]] | None = None,
    version: int | None = None,
) -> str:
    """Give a case what a rule of its system takes.

    given: by part, a File, a date, a text or a value; an optional part may be left out. version: the one that the
    person saw; Conflict where the case has another by now. pages_in: the number of pages of a PDF, or None. look:
    carries out how a file is looked at; Unfit where it cannot be. Answers the name by which it is said what became
    of it. Raises NotAllowed, NotTaken, NotFound or Conflict; a rule that refuses leaves nothing stored.
    """
    claim = _of_use(plan, give, row.claim)
    if version is not None and version != claim.seq:
        raise refusals.seen_otherwise(claim, version)
    given = {name: None for name, part in give.parts.items() if part.optional} | dict(given)
    plain = {name: _read(plan, give, name, value) for name, value in given.items() if name not in give.files}
    case = read_case(plan, claim)
    meant = {**given, **plain, **give.check(case, plain, today)}
    if give.cost is not None:
        _agreed(give.cost(plan.flow.settings), str(plain["amount"]))
    await _same_pages(documents, claim.data, give, meant, pages_in)
    if give.looks:
        looked = {
            name: await _looked(documents, case, claim.data, one, meant[name], look) for name, one in give.looks.items()
        }
        meant |= give.judge(case, meant, looked)
    files = {name: meant[name] for name in give.files}
    meant |= {name: _referred(file) for name, file in files.items()}
    try:
        patched(plan, claim.data, give.patch(claim.data, meant))  # what is refused here leaves no document behind
    except ValidationError as error:
        raise refusals.unfit(error) from error
    now = await clock.business()
    for name, file in files.items():
        kind = give.parts[name].kept_as or give.name
        await documents.put(
            file.content, name=file.name, media_type=file.media_type, case=claim.case, kind=kind, now=now
        )
    reason = plain.get("reason", Sentence("handed_in", "handed in: {give}", give=give.name))
    for left in reversed(range(TRIES)):
        seen = _of_use(plan, give, (await store.case(claim.case)).claim)
        try:
            patch = give.patch(seen.data, meant)
            at = seen.seq if version is None else version
            told = {"given": give.name} if "reason" in plain else {}
            if give.instead:
                await people.change(claim.case, patch, reason, at, told=told, close=("*",))
            else:
                await people.give(claim.case, patch, reason, at, told=told)
            break
        except Conflict:
            if not left or version is not None:
                raise
    return str(meant.get(TOLD, give.name))


async def shown(
    documents: Documents, plan: Plan, give: Give, row: CaseRow, given: Mapping[str, Any]
) -> tuple[list[bytes], str]:
    """What a person is to see before he gives the case this, and its mark. Raises NotTaken, NotAllowed, NotFound."""
    case = read_case(plan, _of_use(plan, give, row.claim))
    return [await documents.get(digest) for digest in give.shows(case, given)], give.mark(case, given)


def _of_use(plan: Plan, give: Give, claim: Claim) -> Claim:
    """Return the case as today's table knows it.

    Raises NotAllowed where it is of another flow, in a state in which this is not taken, or cannot be read.
    """
    what = Sentence("to_give", "to give {name}", name=give.name)
    if claim.flow != give.flow:
        why = Sentence("no_case_of", "it is no case of {flow}", flow=give.flow)
        raise NotAllowed(claim.number, what, why)
    today, _ = as_of_today(plan, claim)
    if today.state not in (give.states or [name for name, state in plan.states.items() if not state.final]):
        why = Sentence("no_use_in_state", "it is of no use in the state {state}", state=today.state)
        raise NotAllowed(claim.number, what, why)
    return today


def _referred(file: File) -> Document:
    digest = hashlib.sha256(file.content).hexdigest()
    return Document(digest=digest, name=file.name, media_type=file.media_type, size=len(file.content))


async def _looked(
    documents: Documents,
    case: Any,
    data: Mapping[str, Any],
    one: Look,
    file: File,
    look: Callable[[Look, Sequence[bytes], Mapping[str, Any]], Mapping[str, Any]] | None,
) -> Mapping[str, Any]:
    contents = [file.content, *[await documents.get(digest) for digest in one.beside(data)]]
    about = one.about(case)
    if look is None:
        return await asyncio.to_thread(one.at, contents, about)
    return await asyncio.to_thread(look, one, contents, about)


def _agreed(cost: Cost, said: str) -> None:
    """Raises NotTaken unless the sum that a person typed is what it costs."""
    try:
        agreed = Decimal(said.strip().lstrip("¥￥").removesuffix("元").replace(",", "").split()[0])
    except (ArithmeticError, IndexError):
        agreed = None
    if agreed == cost.amount:
        return
    amount = f"{cost.amount} {cost.currency}"
    raise NotTaken(
        "usage",
        f"this spends {amount}, paid to {cost.payee}; {said} was agreed to",
        f"此操作将花费 {amount}，收款方 {cost.payee}；而所写金额为 {said}",
        (f"to agree, write amount={cost.amount}", f"同意请写 amount={cost.amount}"),
    )


async def _same_pages(
    documents: Documents,
    data: Mapping[str, Any],
    give: Give,
    given: Mapping[str, Any],
    pages_in: Callable[[bytes], int | None],
) -> None:
    reference = give.pages_of(data)
    if reference is None:
        return
    try:
        wanted = pages_in(await documents.get(reference))
    except NotFound:
        wanted = None
    if wanted is None:
        raise NotTaken(
            "unfit_file",
            f"the form {reference[:12]} is not on file as a PDF, so nobody can tell how many pages it has",
            f"原件 {reference[:12]} 未以可读的 PDF 存档，无法核对页数",
            ("put the documents back from a backup, then hand it in again", "请从备份恢复文件后重新提交"),
        )
    for name in give.files:
        file = given[name]
        if file.pages != wanted:
            raise NotTaken(
                "unfit_file",
                f"{file.name} has {file.pages} pages, the form has {wanted}",
                f"{file.name} 有 {file.pages} 页，原件有 {wanted} 页",
                ("scan every page of the form, and nothing else", "完整扫描原件的每一页，不多不少"),
            )


def _read(plan: Plan, give: Give, name: str, value: Any) -> Any:
    """A part as its kind asks: text that is not empty, or a value as the field of its name takes it.

    Raises NotTaken where it is empty, or the field does not take it.
    """
    part = give.parts[name]
    if value is None and part.optional:
        return None
    if isinstance(value, str) and not value.strip():
        raise NotTaken("usage", f"{name} is empty", f"{name} 为空", ("say what it is", "请填写内容"))
    field = plan.flow.data.model_fields.get(name)
    if part.kind != "value" or field is None or not isinstance(value, str):
        return value
    cure = (f"give a value that the field {name} takes", f"请给出 {name} 可接受的值")
    try:
        given, taken = _taken(TypeAdapter(field.annotation), field.annotation, value)
    except ValidationError as error:
        why = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise NotTaken("usage", f"{name}: {why}", f"{name} 的值不合适：{why}", cure) from error
    if list(digits_as_times(given, taken)):
        en, zh = f"{name}: digits alone are no day and no instant", f"{name}：只有数字不是日期或时刻"
        example = "2026-03-31 or 2026-03-31T09:30:00+08:00", "2026-03-31 或 2026-03-31T09:30:00+08:00"
        raise NotTaken("usage", en, zh, (f"write it as {example[0]}", f"请写作 {example[1]}"))
    return TypeAdapter(field.annotation).dump_python(taken, mode="json")


def _taken(reads: TypeAdapter[Any], annotation: Any, value: str) -> tuple[object, Any]:
    """What was given, and what the field takes it for: JSON where it is that, else what the text alone may mean."""
    if _takes_text(annotation):
        return value, reads.validate_python(value)
    try:
        taken = reads.validate_json(value, strict=True)
    except ValidationError:
        if value.lstrip()[:1] in ("[", "{"):
            raise
        return value, reads.validate_python(value)
    return json.loads(value), taken


def _takes_text(annotation: Any) -> bool:
    """Whether a field takes any text as it stands; a list of texts does not."""
    if get_origin(annotation) is Annotated:
        return _takes_text(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(_takes_text(one) for one in get_args(annotation))
    return annotation is str
