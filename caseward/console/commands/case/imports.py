"""`caseward case import` and `account import`: a case for each row of a file, all of them or none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from caseward.app.installation import Record
from caseward.app.systems import Systems, read_systems
from caseward.console.commands.case.row_problems import SHOWN, refuse, warn
from caseward.console.commands.case.switched_off import flows_off
from caseward.console.intake.accounts import account_named, add_accounts, logins_in
from caseward.console.intake.again import following, refused_before, unknown_formers
from caseward.console.intake.files import Row, TakenIn, read, read_accounts, title_of
from caseward.console.intake.json_rows import Broken
from caseward.console.intake.json_text import LARGEST, decoded
from caseward.console.intake.labels import Label, Labels
from caseward.console.intake.parties import carrying, keep_files
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.view import View, has_record, person, viewing
from caseward.console.text.output import complain, listed, say, screen
from caseward.console.text.problem import Problem
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Words
from workflow.errors import NotFound
from workflow.files.plain import Unfit, read_pieces, read_plain
from workflow.intake.rows import Intake
from workflow.settings import read_settings
from workflow.store import Account, Created, Filters, NewCase
from workflow.system import AccountPool


def run(
    texts: Texts,
    file: Path,
    *,
    system: str | None = None,
    reason: str | None,
    json: bool,
    alone: bool = False,
    dry: bool = False,
    again: bool = False,
    auto_off: bool = False,
) -> int:
    """Import the cases of one system.

    alone: the file holds one object, or a list of one. dry: write nothing. again: a row whose case ended badly opens
    another one. auto_off: nothing is done for the cases before a person begins them.
    """
    source = _alone(source_of(file)) if alone else source_of(file)
    settings = read_settings(lang=texts.language)
    systems = read_systems(settings)
    intake = intake_of(texts, systems, system)
    if not has_record(settings):
        # a file that cannot be taken in on any day leaves no record behind
        plan, labels = systems.plans[intake.flow], labels_of(systems, intake.flow)
        taken = read(source, date.max, plan.flow.data, intake, labels)
        refuse((*taken.problems, *(_unknown_accounts((), systems, taken, intake) if dry else ())), texts)
        if dry:
            return _foreseen(texts, taken, plan.flow.subject, [None] * len(taken.rows), json)

    async def work(view: View) -> int:
        flow = view.plan(intake.flow).flow
        model, subject = flow.data, flow.subject
        zone = view.record.systems.zone_of(intake.flow, view.moments.zone)
        labels = labels_of(view.record.systems, intake.flow)
        taken = read(source, view.moments.now.astimezone(zone).date(), model, intake, labels)
        accounts = await view.record.store.accounts()
        formers = await unknown_formers(view.record, intake, taken.rows)
        problems = (*taken.problems, *_unknown_accounts(accounts, view.record.systems, taken, intake), *formers)
        refuse(problems, texts, await flows_off(view.record, intake) if problems and system is None else None)
        if alone and len(taken.rows) > 1:
            cause = texts("error.not_alone", n=len(taken.rows))
            raise Stopped(Complaint("bad_input", cause, texts("cure.not_alone"), USAGE))

        def label(row: Row[Any]) -> str:
            return texts("import.row", row=row.number, title=title_of(row.data, subject))

        if dry:
            new = await new_cases(view.record, intake, taken.rows, label, again=again)
            return _foreseen(texts, taken, subject, await view.record.store.foreseen(new), json)
        options: dict[str, bool] = {"again": again, "auto_off": auto_off}
        made = await import_cases(
            view.record, intake, taken.rows, actor=person(), reason=reason, label=label, **options
        )
        titles = [(row.number, title_of(row.data, subject)) for row in taken.rows]
        warn(taken.warnings, texts)
        already = [row for row, one in zip(taken.rows, made, strict=True) if one.already]
        if refused := await refused_before(view.record, intake, already):
            complain(texts("import.again", n=len(refused), numbers=", ".join(refused[:SHOWN])))
        code = _answer(view, titles, [(one.number, one.already) for one in made], json)
        if auto_off and not json and not all(one.already for one in made):
            say(texts("more.begin"))
        return code

    return viewing(texts, work, begins=not dry)


def intake_of(texts: Texts, systems: Systems, name: str | None) -> Intake:
    """The rules of rows: those of the system of this name, or of the only one that opens cases from rows."""
    known = {one.system.name: one.system.rows for one in systems.installed}
    named = {system: intake for system, intake in known.items() if intake is not None}
    if name is None and len(named) == 1:
        return next(iter(named.values()))
    if name is None:
        cause, cure = texts("usage.missing", what="--system"), texts("cure.one_of", names=", ".join(named))
        raise Stopped(Complaint("usage", cause, cure, USAGE))
    if name not in named:
        cause, names = texts("error.not_found", kind=texts("kind.system"), name=name), ", ".join(named)
        raise Stopped(Complaint("usage", cause, texts("cure.system_off", names=names or "-"), USAGE))
    return named[name]


def labels_of(systems: Systems, flow: str) -> Labels:
    """What the catalogues call the fields of a flow's rows: FLOW.field.PATH or field.PATH, else by the last name."""
    words = [Words(language, systems.plans[flow].flow, flow, systems.systems) for language in ("en", "zh-CN")]

    def said(name: str) -> Label:
        names = (name, name.rpartition(".")[2])
        en, zh = (next((word("field", one) for one in names if f"field.{one}" in word), "") for word in words)
        return en, zh

    return Labels(said)


def run_accounts(texts: Texts, file: Path, *, remote: str | None, json: bool) -> int:
    """Logins at a remote; one that is known already stays as it is."""
    source = source_of(file)
    intake = read_accounts(source)
    refuse(intake.problems, texts)

    async def work(view: View) -> int:
        pool = pool_of(texts, view.record.systems, remote)
        known = {one.login: one for one in await view.record.store.accounts(pool.remote)}
        of_pool = await view.record.store.cases(Filters(flow=pool.flow), limit=10_000)
        numbers = {row.claim.account: row.claim.number for row in of_pool}
        new = [row.data for row in intake.rows if row.data.login not in known]
        numbered = await add_accounts(view.record, new, actor=person(), pool=pool)
        opened = dict(zip([one.login for one in new], numbered, strict=True))
        made = [
            (opened[login], False) if login in opened else (numbers.get(known[login].id, "-"), True)
            for login in (row.data.login for row in intake.rows)
        ]
        warn(intake.warnings, texts)
        return _answer(view, [(row.number, row.data.login) for row in intake.rows], made, json)

    return viewing(texts, work, begins=True)


async def import_cases(
    record: Record,
    intake: Intake,
    rows: Sequence[Row[Any]],
    *,
    actor: str,
    reason: str | None = None,
    label: Callable[[Row[Any]], str] = lambda row: f"row {row.number} ({title_of(row.data)})",
    again: bool = False,
    auto_off: bool = False,
) -> list[Created]:
    """One case a row, all of them or none; a row that was imported before changes nothing. Raises Duplicate."""
    new = await new_cases(record, intake, rows, label, again=again)
    new = [replace(one, auto=not auto_off) for one in new]
    made = await record.create(new, actor=actor, reason=reason)
    await keep_files(record, made, new, intake)
    return made


async def new_cases(
    record: Record, intake: Intake, rows: Sequence[Row[Any]], label: Callable[[Row[Any]], str], *, again: bool = False
) -> list[NewCase]:
    """The cases that the rows are to become.

    again: one whose case ended badly opens another one.
    A case has the account at the remote of its first state, where there is one; those at others wait beside it.
    """
    plan, known, remotes = record.plans[intake.flow], await record.store.accounts(), record.systems.remotes
    flow, first = plan.flow, str(plan.flow.states[0].name)

    def accounts(row: Row[Any]) -> dict[str, Any]:
        named = logins_in(intake, plan, remotes, row.data).items()
        found = {remote: one.id for remote, login in named if (one := account_named(known, remote, login)) is not None}
        state = first if intake.begins is None else str(intake.begins(row.data))
        seat = remotes.entered_in(plan, state)
        now = found.pop(seat.name if seat is not None else None, None)
        return {"state": state, "account": now, "accounts": found}

    return [
        NewCase(
            flow.name,
            flow.version,
            flow.prefix,
            data=row.data.model_dump(mode="json"),
            subject=flow.subject(row.data) if flow.subject else None,
            origin=row.digest,
            label=label(row),
            **accounts(row),
        )
        for row in await carrying(record, intake, await following(record, intake, rows, again=again))
    ]


def _foreseen(
    texts: Texts,
    taken: TakenIn[Any],
    subject: Callable[[Any], str] | None,
    found: Sequence[str | None],
    json: bool,
) -> int:
    """What an import would do. found: for each row the number of its case, or None where one would be opened."""
    warn(taken.warnings, texts)
    rows = [(row.number, title_of(row.data, subject), number) for row, number in zip(taken.rows, found, strict=True)]
    if json:
        data = [{"row": row, "number": n, "title": title, "already": n is not None} for row, title, n in rows]
        say(listed(data, dry=True))
        return 0
    for row, title, number in rows:
        name = "import.would" if number is None else "import.already"
        say(*screen().wrapped(texts(name, row=row, number=number, title=title)))
    already = sum(number is not None for _, _, number in rows)
    say("", texts("import.would.sum", opened=len(rows) - already, already=already), texts("schedule.dry"))
    return 0


def _answer(view: View, rows: Sequence[tuple[int, str]], made: Sequence[tuple[str, bool]], json: bool) -> int:
    pairs = list(zip(rows, made, strict=True))
    if json:
        data = [
            {"row": row, "number": number, "title": title, "already": already}
            for (row, title), (number, already) in pairs
        ]
        say(listed(data))
        return 0
    for (_, title), (number, already) in pairs:
        name = "import.already" if already else "import.opened"
        say(*view.screen.wrapped(view.texts(name, number=number, title=title)))
    opened = [number for number, already in made if not already]
    say("", view.texts("import.sum", opened=len(opened), already=len(made) - len(opened)))
    if opened:
        say(view.texts("more.import", number=opened[0]))
    return 0


def pool_of(texts: Texts, systems: Systems, remote: str | None) -> AccountPool:
    """The accounts of this remote, or of the only one that is entered by accounts. Raises Stopped."""
    pools = systems.pools
    if not pools:
        raise NotFound("system", "with accounts")
    if remote is None and len(pools) > 1:
        cause, cure = texts("usage.missing", what="--remote"), texts("cure.one_of", names=", ".join(pools))
        raise Stopped(Complaint("usage", cause, cure, USAGE))
    if remote is not None and remote not in pools:
        raise not_one_of(texts, "remote", remote, list(pools))
    return pools[remote] if remote is not None else next(iter(pools.values()))


def source_of(file: Path) -> Path | bytes:
    if str(file) != "-":
        return file
    return read_pieces(sys.stdin.fileno(), LARGEST)


def _alone(source: Path | bytes) -> Path | bytes:
    """A single object as a list of one; a file that cannot be read stays as it is, and is refused with its problems."""
    raw = source
    try:
        raw = source if isinstance(source, bytes) else read_plain(source, LARGEST)
        text, encoding = decoded(raw)
    except (Broken, Unfit, OSError, ValueError):
        return raw
    return f"[{text}]".encode(encoding) if text.lstrip().startswith("{") else raw


def _unknown_accounts(
    accounts: Sequence[Account], systems: Systems, taken: TakenIn[Any], intake: Intake
) -> list[Problem]:
    plan, remotes = systems.plans[intake.flow], systems.remotes
    cure = "caseward account import FILE, or leave the field out"
    gone_en = "the account is retired; name another, or leave the field out"
    gone_zh = "该账号已停用，请改用其他账号，或去掉此项"
    found = []
    for row in taken.rows:
        for remote, login in logins_in(intake, plan, remotes, row.data).items():
            named = account_named(accounts, remote, login)
            if named is not None and named.retired is None:
                continue
            held = ", ".join(sorted(one.login for one in accounts if remote in (None, one.adapter))) or "-"
            en = f"the office holds no such login (it holds: {held}); {cure}"
            zh = f"没有这个账号（现有：{held}），请先 caseward account import FILE，或去掉此项"
            rule, why, why_zh = ("retired_account", gone_en, gone_zh) if named else ("unknown_account", en, zh)
            found.append(Problem(rule, why, why_zh, row.number, title_of(row.data), row.line, None, "account", login))
    return found
