"""Rows that file anew what was refused: each follows the case that ended badly, and has an origin of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from caseward.app.installation import Record
from caseward.console.intake.files import Row, digest, title_of
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
    known = await _opened_by(record, plan, intake, rows)
    await _refuse_older(record, plan, [row for row in rows if row.digest not in known])
    if intake.follow is None:
        return [replace(row, digest=known[row.digest][0]) if row.digest in known else row for row in rows]
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
    known = await _opened_by(record, plan, intake, rows)
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


async def _opened_by(
    record: Record, plan: Plan, intake: Intake, rows: Sequence[Row[Any]]
) -> dict[str, tuple[str, CaseRow]]:
    """By the digest of a row, the newest case that it opened, live or over, with the origin of that case.

    A row that opened a case under an older version of the flow may have another digest today.
    """
    flow = plan.flow.name
    known = await record.store.opened_by(flow, [row.digest for row in rows])
    if all(row.digest in known for row in rows):
        return known
    today = {digest: origin for origin, digest in await _digests_of_today(record, plan, intake)}
    older = {row.digest: today[row.digest] for row in rows if row.digest in today.keys() - known.keys()}
    found = await record.store.opened_by(flow, list(older.values()))
    return known | {digest: found[before] for digest, before in older.items() if before in found}


async def _digests_of_today(record: Record, plan: Plan, intake: Intake) -> list[tuple[str, str]]:
    """For the rows of older versions of the flow: the digest that each had, and one that it would have today."""
    found = []
    for origin, event in await record.store.opened_before(plan.flow.name, plan.flow.version):
        first, _, former = origin.partition("#")
        said = dict((event.body or {})["data"])
        # the case that it follows was named by the row, or was found by its subject
        for left_out in [set[str](), {intake.former_field}] if former else [set[str]()]:
            try:
                found.append((first, _digest_of_today(plan, intake, event.flow_version, said, left_out)))
            except Exception:  # noqa: BLE001 - what today's code cannot read is no row that can be taken in today
                continue
    return found


def _digest_of_today(
    plan: Plan, intake: Intake, version: int, said: Mapping[str, Any], left_out: Collection[str]
) -> str:
    raised = plan.flow.upcast(version, dict(said)) if plan.flow.upcast is not None else said
    given = {name: value for name, value in raised.items() if name not in {*intake.gathered, *left_out}}
    return digest(plan.flow.data.model_validate(intake.put_right(given)), intake)


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
