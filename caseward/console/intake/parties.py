"""Who stands in which cases: people and firms over all cases of a flow, and what they gave for all of theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from caseward.app.installation import Record
from caseward.console.intake.files import Row
from workflow.engine.upgrades import read_case
from workflow.errors import NotAllowed
from workflow.flow.case import Case
from workflow.intake.parties import Party
from workflow.intake.rows import Intake
from workflow.intake.values import Document, Value
from workflow.store import CaseRow, Filters
from workflow.store.values import Created, NewCase

PAGE = 200
"""This many cases are read at once."""


@dataclass(frozen=True)
class Standing:
    """A party as it stands in one case."""

    row: CaseRow
    case: Case[Any]
    party: Party


async def everybody(record: Record, flows: Collection[str]) -> dict[tuple[str, str], list[Standing]]:
    """By flow and key, where each party of these flows stands, by the numbers of the cases."""
    found: dict[tuple[str, str], list[Standing]] = {}
    for flow in flows:
        async for row, case in _cases(record, flow):
            if case is not None:
                for party in _parties(record, flow, case.data):
                    found.setdefault((flow, party.key), []).append(Standing(row, case, party))
    return found


async def unread(record: Record, flow: str) -> list[CaseRow]:
    """The cases that cannot be read today: nobody can tell who stands in them."""
    return [row async for row, case in _cases(record, flow) if case is None]


async def carrying(record: Record, intake: Intake, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The rows, each with what its people and firms gave other cases for all of theirs."""
    if intake.carry is None or not rows:
        return list(rows)
    known = await everybody(record, [intake.flow])
    found = []
    for row in rows:
        keys = [(intake.flow, party.key) for party in _parties(record, intake.flow, row.data)]
        cases = {one.case.id: one.case for key in keys for one in known.get(key, ())}
        found.append(replace(row, data=intake.carry(row.data, list(cases.values()))) if cases else row)
    return found


async def keep_files(record: Record, made: Sequence[Created], new: Sequence[NewCase], intake: Intake) -> None:
    """File with each new case the documents that it begins with, where another case gave them."""
    model, now = record.plans[intake.flow].flow.data, await record.clock.business()
    for one, begun in zip(made, new, strict=True):
        if one.already:
            continue
        for name, document in _documents(model.model_validate(begun.data)):
            content = await record.documents.get(document.digest)
            about = {"name": document.name, "media_type": document.media_type, "kind": name}
            await record.documents.put(content, **about, case=one.case, now=now)


def _documents(value: object, name: str = "") -> Iterator[tuple[str, Document]]:
    """The documents within data, each with the name of its field."""
    if isinstance(value, Document):
        yield name, value
    elif isinstance(value, Value):
        for field_ in type(value).model_fields:
            yield from _documents(getattr(value, field_), field_)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _documents(one, name)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _documents(one, name)


def _parties(record: Record, flow: str, data: Any) -> list[Party]:
    own = record.systems.of(flow)
    of = own.system.parties.get(flow) if own is not None else None
    return list(of(data)) if of is not None else []


async def _cases(record: Record, flow: str) -> AsyncIterator[tuple[CaseRow, Case[Any] | None]]:
    """All of a flow; None where a person has to put its data right first."""
    plan, after = record.plans[flow], None
    while rows := await record.store.cases(Filters(flow=flow), after=after, limit=PAGE):
        after = rows[-1].claim.number
        for row in rows:
            try:
                case = read_case(plan, row.claim)
            except NotAllowed:
                yield row, None
            else:
                yield row, case
