"""Rows that file anew what was refused: each follows the case that ended badly, and has an origin of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from caseward.app.installation import Record
from caseward.console.intake.files import Row, title_of
from caseward.console.text.problem import Problem
from workflow.engine.upgrades import read_case
from workflow.errors import NotAllowed
from workflow.flow.compiled import Plan
from workflow.intake.rows import Intake
from workflow.store import CaseRow
from workflow.store.values import Duplicate


async def following(record: Record, intake: Intake, rows: Sequence[Row[Any]], *, again: bool) -> list[Row[Any]]:
    """The rows. One that names a case that ended badly follows it, and so does one about the subject of such a case.

    again: a row that opened such a case opens another one. Raises Duplicate where a live case of an older version of
    the flow is about the same: its subject may be told otherwise than today.
    """
    plan = record.plans[intake.flow]
    await _refuse_older(record, plan, rows)
    if intake.follow is None:
        return list(rows)
    known = await record.store.opened_by(plan.flow.name, [row.digest for row in rows])
    found = []
    for row in rows:
        origin, opened = known.get(row.digest, (row.digest, None))
        former = None
        if opened is None or (again and _ended_badly(plan, opened)):
            former = await _former(record, plan, intake, row.data) or opened
        if former is None:
            found.append(replace(row, digest=origin))
            continue
        data = intake.follow(row.data, read_case(plan, former.claim))
        found.append(replace(row, digest=f"{row.digest}#{former.claim.number}", data=data))
    return found


async def refused_before(record: Record, intake: Intake, rows: Sequence[Row[Any]]) -> list[str]:
    """The numbers of the cases that these rows opened and that ended badly."""
    plan = record.plans[intake.flow]
    if intake.follow is None:
        return []
    known = await record.store.opened_by(plan.flow.name, [row.digest for row in rows])
    return [one.claim.number for _, one in known.values() if _ended_badly(plan, one)]


async def unknown_formers(record: Record, intake: Intake, rows: Sequence[Row[Any]]) -> list[Problem]:
    """A problem for each row that names, as the one it follows, a case that is not there or did not end badly."""
    plan, problems = record.plans[intake.flow], list[Problem]()
    for row in rows:
        number = intake.former(row.data)
        if number is None or await _named(record, plan, number) is not None:
            continue
        en = "it names the case that ended badly and is filed anew; there is none of this number"
        zh = "应填写被拒绝、需重新申请的案件编号；没有这样的案件"
        at = (row.number, title_of(row.data), row.line, None)
        problems.append(Problem("no_former_case", en, zh, *at, intake.former_field, number))
    return problems


async def _former(record: Record, plan: Plan, intake: Intake, data: BaseModel) -> CaseRow | None:
    number = intake.former(data)
    if number is not None:
        return await _named(record, plan, number)
    if plan.flow.subject is None:
        return None
    ended = await record.store.ended_about(plan.flow.name, plan.flow.subject(data))
    return ended if ended is not None and _ended_badly(plan, ended) else None


async def _named(record: Record, plan: Plan, number: str) -> CaseRow | None:
    found = await record.store.opened_as(plan.flow.name, number)
    return found if found is not None and _ended_badly(plan, found) else None


def _ended_badly(plan: Plan, row: CaseRow) -> bool:
    state = plan.states.get(plan.flow.renamed.get(row.claim.state, row.claim.state))
    return row.final and state is not None and state.ends_badly


async def _refuse_older(record: Record, plan: Plan, rows: Sequence[Row[Any]]) -> None:
    subject = plan.flow.subject
    if subject is None:
        return
    meant = {subject(row.data): row for row in rows}
    for older in await record.store.older(plan.flow.name, plan.flow.version):
        try:
            about = subject(read_case(plan, older.claim).data)
        except NotAllowed:
            continue  # what nobody can read today has the subject that it had
        if about in meant and about != older.subject:
            row = meant[about]
            raise Duplicate(about, older.claim.number, f"row {row.number} ({title_of(row.data)})")
