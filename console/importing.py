"""`caseward case import`: opens a case for each registration of a file, all of them or none."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from console.complaints import USAGE, Complaint, Stopped
from console.intake import Intake, Row, read
from console.output import listed, say
from console.problems import Problem
from console.shapes import problem_shape
from console.texts import Texts
from console.view import View, has_record, person, viewing
from states.copyright.registration import Registration
from workflow.machine import Plan
from workflow.settings import read_settings
from workflow.store import Account, NewCase


def run(texts: Texts, file: Path, *, reason: str | None, json: bool) -> int:
    source: Path | bytes = sys.stdin.buffer.read() if str(file) == "-" else file
    if not has_record(read_settings(lang=texts.language)):
        # a file that cannot be taken in on any day leaves no record behind
        _refuse(read(source, date.max).problems, texts)

    async def work(view: View) -> int:
        today = view.moments.now.astimezone(view.moments.zone).date()
        intake = read(source, today)
        accounts = {account.login: account for account in await view.record.store.accounts()}
        _refuse((*intake.problems, *_unknown_accounts(intake, accounts)), texts)
        new = [new_case(view.plan("copyright"), row, accounts, texts) for row in intake.rows]
        made = await view.record.store.create(new, actor=person(), reason=reason, now=view.moments.now)
        rows = list(zip(intake.rows, made, strict=True))
        if json:
            say(listed([
                {"row": row.number, "number": one.number, "title": row.data.title, "already": one.already}
                for row, one in rows
            ]))  # fmt: skip
            return 0
        for row, one in rows:
            name = "import.already" if one.already else "import.opened"
            say(*view.screen.wrapped(texts(name, number=one.number, title=row.data.title)))
        opened = sum(not one.already for _, one in rows)
        say("", texts("import.sum", opened=opened, already=len(rows) - opened))
        if opened:
            say(texts("more.import", number=next(one.number for _, one in rows if not one.already)))
        return 0

    return viewing(texts, work, begins=True)


def new_case(plan: Plan, row: Row[Registration], accounts: Mapping[str, Account], texts: Texts) -> NewCase:
    """The case that a row opens; a case of the same content was opened by an earlier import."""
    flow, data = plan.flow, row.data
    account = accounts.get(data.account or "")
    return NewCase(
        flow=flow.name,
        flow_version=flow.version,
        prefix=flow.prefix,
        state=next(iter(plan.states)),
        data=data.model_dump(mode="json"),
        subject=flow.subject(data) if flow.subject else None,
        origin=row.digest,
        label=texts("import.row", row=row.number, title=data.title),
        account=account.id if account else None,
    )


def _unknown_accounts(intake: Intake[Registration], accounts: Mapping[str, Account]) -> list[Problem]:
    held = ", ".join(sorted(accounts)) or "-"
    en = f"the office holds no such login at the bureau (it holds: {held}); correct it, or leave the field out"
    zh = f"本机构没有这个版权中心账号（现有：{held}），请更正，或去掉此项"
    return [
        Problem("unknown_account", en, zh, row.number, row.data.title, row.line, None, "account", row.data.account)
        for row in intake.rows
        if row.data.account is not None and row.data.account not in accounts
    ]


def _refuse(problems: Sequence[Problem], texts: Texts) -> None:
    if problems:
        raise Stopped(
            Complaint(
                "bad_input",
                texts("error.bad_input", n=len(problems)),
                texts("cure.bad_input"),
                USAGE,
                errors=[problem_shape(problem) for problem in problems],
                lines=[problem.text(texts.language) for problem in problems],
            )
        )
