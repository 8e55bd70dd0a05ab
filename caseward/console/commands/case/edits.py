"""`caseward case edit` and `update`: what people change of a case's particulars, with what that makes stale."""

from __future__ import annotations

import json as encoding
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from caseward.console.commands.case.imports import intake_of, labels_of, source_of
from caseward.console.commands.case.orders import stands
from caseward.console.commands.case.row_problems import refuse, warn
from caseward.console.intake.edits import with_said
from caseward.console.intake.files import Row, read, title_of
from caseward.console.intake.labels import Label, Place
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped, complaint_of
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, listed, say
from caseward.console.text.problem import Problem
from caseward.console.text.visible import masked, path, visible
from caseward.console.wording.seen import Reader, shown
from caseward.console.wording.texts import Texts
from workflow.engine.editing import Edit, edit, edit_of, told_of
from workflow.engine.reasons import reason_given
from workflow.engine.refusals import seen_otherwise
from workflow.engine.upgrades import read_case
from workflow.errors import Conflict
from workflow.flow.compiled import Plan
from workflow.intake.rows import Intake
from workflow.record.values import Claim
from workflow.store import Filters

COMMAND = "caseward case edit"


def run(
    texts: Texts, number: str, said: Sequence[str], *, reason: str, version: int | None, dry: bool, json: bool
) -> int:
    """Change fields of one case; dry: say what would change, and change nothing."""
    why, words = reason_given(reason), _said(texts, said)

    async def work(view: View) -> int:
        claim = (await view.row(number)).claim
        if version is not None and version != claim.seq:
            raise seen_otherwise(claim, version)
        plan = view.plan(claim.flow)
        intake = _intake(view, claim)
        row = _changed_row(view, claim, intake, words)
        meant = (
            edit_of(plan, claim, intake, row.data)
            if dry
            else await edit(view.record.commands(person()), plan, claim, intake, row.data, why)
        )
        if json:
            say(as_json({"number": claim.number, **told_of(meant), "dry": dry}))
            return 0
        of = view.of(claim.flow)
        if not meant.changed:
            say(texts("edit.none", number=claim.number))
            return 0
        if dry:
            say(texts("edit.dry", number=claim.number))
        else:
            await stands(view, claim.case, "edit.done", json=False)
        _say(of, meant, labels_of(view.record.systems, claim.flow).beyond)
        return 0

    return viewing(texts, work)


def update(texts: Texts, file: Path, *, system: str | None, reason: str, dry: bool, json: bool) -> int:
    """Change the cases that the rows of a file are about; no case is opened.

    All rows are checked before the first case is changed. Where another change of a case comes between, it and those
    behind it are not changed, and it is said which are.
    """
    why, source = reason_given(reason), source_of(file)

    async def work(view: View) -> int:
        intake = intake_of(texts, view.record.systems, system)
        plan, labels = view.plan(intake.flow), labels_of(view.record.systems, intake.flow)
        zone = view.record.systems.zone_of(intake.flow, view.moments.zone)
        taken = read(source, view.moments.now.astimezone(zone).date(), plan.flow.data, intake, labels)
        refuse(taken.problems, texts)
        claims = [await _about(view, intake, row) for row in taken.rows]
        refuse([_opens_none(row) for row, claim in zip(taken.rows, claims, strict=True) if claim is None], texts)
        pairs = [
            (claim, _keeping(plan, claim, intake, row))
            for row, claim in zip(taken.rows, claims, strict=True)
            if claim is not None
        ]
        meant = [edit_of(plan, claim, intake, row.data) for claim, row in pairs]
        warn(taken.warnings, texts)
        done = list[str]()
        for claim, row in () if dry else pairs:
            try:
                await edit(view.record.commands(person()), plan, claim, intake, row.data, why)
            except Conflict as error:
                raise _broken_off(texts, error, done, [one.number for one, _ in pairs[len(done) :]]) from error
            done.append(claim.number)
        if json:
            told = zip(pairs, meant, strict=True)
            say(listed([{"number": claim.number, **told_of(one), "dry": dry} for (claim, _), one in told]))
            return 0
        for (claim, _), one in zip(pairs, meant, strict=True):
            word = "edit.none" if not one.changed else "edit.dry" if dry else "edit.row"
            say(*view.screen.wrapped(texts(word, number=claim.number)))
            _say(view.of(claim.flow), one, labels.beyond)
        return 0

    return viewing(texts, work)


def _keeping(plan: Plan, claim: Claim, intake: Intake, row: Row[Any]) -> Row[Any]:
    """The row with what the case keeps where the row says nothing of it."""
    data = read_case(plan, claim).data
    kept = {name: getattr(data, name) for name in intake.stays if getattr(row.data, name) is None}
    return replace(row, data=row.data.model_copy(update=kept))


def _broken_off(texts: Texts, error: Conflict, done: Sequence[str], left: Sequence[str]) -> Stopped:
    first, mark = complaint_of(error, texts), texts("mark.enumeration")
    told = {"done": mark.join(done) or texts("value.none"), "left": mark.join(left)}
    return Stopped(
        Complaint(first.code, texts("error.update_broken_off", why=first.cause, **told), first.cure, first.exit)
    )


async def _about(view: View, intake: Intake, row: Row[Any]) -> Claim | None:
    """The live case that a row is about."""
    subject = view.plan(intake.flow).flow.subject
    if subject is None:
        return None
    wanted = subject(row.data)
    found = await view.record.store.cases(Filters(flow=intake.flow, text=wanted, final=False), limit=500)
    return next((one.claim for one in found if one.subject == wanted), None)


def _opens_none(row: Row[Any]) -> Problem:
    en = "no case under way is about this; caseward case import opens one, caseward case edit N changes one by number"
    zh = "没有与此对应的在办题目；请用 caseward case import 新建，或用 caseward case edit N 按编号修改"
    return Problem("no_such_case", en, zh, row.number, title=title_of(row.data), line=row.line)


def _say(view: View, meant: Edit, called: Callable[[Place], Label]) -> None:
    """Each field before and after, then what becomes stale."""
    texts, reader = view.texts, view.reader
    for one in meant.changed:
        label = called(one.place)[texts.language.startswith("zh")]
        name = f"{path(one.place)} ({label})" if label else path(one.place)
        field = texts("edit.field", name=name, before=told(one.before, reader), after=told(one.after, reader))
        say(*view.screen.wrapped(f"  {field}", 4))
    for name in meant.stale:
        say(*view.screen.wrapped(f"  {reader.labels('stale', name)}", 4))


def told(value: Any, reader: Reader) -> str:
    """A value as people read it; what may be a person's number shows only its ends."""
    return masked(visible(shown(value, reader)))


def _said(texts: Texts, said: Sequence[str]) -> dict[str, str]:
    words: dict[str, str] = {}
    for word in said:
        name, mark, value = word.partition("=")
        if not mark or not name.strip():
            cause = texts("usage.wrong_value", what="FIELD=VALUE", why=word)
            raise Stopped(Complaint("usage", cause, texts("cure.usage", command=COMMAND), USAGE))
        words[name.strip()] = value
    return words


def _intake(view: View, claim: Claim) -> Intake:
    """The rules of rows of the case's flow."""
    systems = view.record.systems
    named = [one.system.name for one in systems.installed if one.system.rows and one.system.rows.flow == claim.flow]
    if not named:
        cause = view.texts("error.no_edit", number=claim.number)
        raise Stopped(Complaint("not_allowed", cause, view.texts("cure.no_edit"), USAGE))
    return intake_of(view.texts, systems, named[0])


def _changed_row(view: View, claim: Claim, intake: Intake, words: Mapping[str, str]) -> Row[Any]:
    """The particulars with what was typed, as a row that is taken in. Raises Stopped."""
    plan = view.plan(claim.flow)
    model, labels = plan.flow.data, labels_of(view.record.systems, claim.flow)
    now = read_case(plan, claim).data.model_dump(mode="json", exclude=set(intake.gathered), exclude_none=True)
    fields, problems = with_said(now, words, model, intake.gathered, labels)
    refuse(problems, view.texts)
    zone = view.record.systems.zone_of(claim.flow, view.moments.zone)
    source = encoding.dumps([fields], ensure_ascii=False).encode()
    taken = read(source, view.moments.now.astimezone(zone).date(), model, intake, labels)
    refuse(taken.problems, view.texts)
    warn(taken.warnings, view.texts)
    return taken.rows[0]
