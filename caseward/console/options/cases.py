"""The commands about cases that show, open and hand in; see orders.py for what people order."""

from pathlib import Path

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add_todo(app: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))

    @app.command("todo", cls=Command, help=texts("help.todo"))
    def todo(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.incident import todo

        return todo.todo(texts, json=json_of(texts, json, fields))


def add(case: typer.Typer, texts: Texts, asks: bool) -> None:
    _shown(case, texts)
    _opened(case, texts, asks)
    _handed_in(case, texts, asks)


def _shown(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    every = typer.Option(False, "--all", help=texts("help.why.all"))
    state = typer.Option(None, "--state", metavar="STATE", help=texts("help.list.state"))
    flow = typer.Option(None, "--flow", metavar="FLOW", help=texts("help.list.flow"))
    who = typer.Option(None, "--waits-for", metavar="WHO", help=texts("help.list.who"))
    account = typer.Option(None, "--account", metavar="LOGIN", help=texts("help.list.account"))
    find = typer.Option(None, "--find", metavar="TEXT", help=texts("help.list.find"))
    older = typer.Option(None, "--older-than", metavar="SPAN", help=texts("help.list.older"))
    limit = typer.Option(50, "--limit", metavar="N", min=1, max=500, help=texts("help.list.limit"))
    cursor = typer.Option(None, "--cursor", metavar="CURSOR", help=texts("help.list.cursor"))
    document = typer.Option(None, "--document", metavar="REF", help=texts("help.history.document"))
    out = typer.Option(None, "--out", metavar="FILE", help=texts("help.history.out"))
    until = typer.Option(None, "--until", metavar="STATE", help=texts("help.watch.until"))
    timeout = typer.Option(None, "--timeout", metavar="SPAN", help=texts("help.watch.timeout"))

    @case.command("list", cls=Command, help=texts("help.list"))
    def list_(
        state: str | None = state,
        flow: str | None = flow,
        who: str | None = who,
        account: str | None = account,
        find: str | None = find,
        older: str | None = older,
        limit: int = limit,
        cursor: str | None = cursor,
        json: bool = json,
        fields: str | None = fields,
    ) -> int:
        from caseward.console.commands.case import lists

        wanted = lists.Wanted(state, flow, who, account, find, older)
        return lists.list_cases(texts, wanted, limit=limit, cursor=cursor, json=json_of(texts, json, fields))

    @case.command("show", cls=Command, help=texts("help.show"))
    def show(number: str = number, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.case import views

        return views.show(texts, number, json=json_of(texts, json, fields))

    @case.command("why", cls=Command, help=texts("help.why"))
    def why(number: str = number, every: bool = every, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.case import views

        return views.why(texts, number, json=json_of(texts, json, fields), every=every)

    @case.command("history", cls=Command, help=texts("help.history"))
    def history(
        number: str = number,
        document: str | None = document,
        out: Path | None = out,
        json: bool = json,
        fields: str | None = fields,
    ) -> int:
        from caseward.console.commands.case import history as record

        if document is None and out is None:
            return record.show(texts, number, json=json_of(texts, json, fields))
        return record.write_document(texts, number, document, out, json=json)

    @case.command("watch", cls=Command, help=texts("help.watch"))
    def watch(number: str = number, until: str | None = until, timeout: str | None = timeout, json: bool = json) -> int:
        from caseward.console.commands.case import watch

        return watch.watch(texts, number, until=until, timeout=timeout, json=json)


def _opened(case: typer.Typer, texts: Texts, asks: bool) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    alone = typer.Argument(metavar="FILE", help=texts("help.create.file"), show_default=False)
    reason = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.import.reason"))

    system = typer.Option(None, "--system", metavar="NAME", help=texts("help.import.system"))

    @case.command("create", cls=Command, help=texts("help.create"))
    def create(file: Path = alone, system: str | None = system, reason: str | None = reason, json: bool = json) -> int:
        from caseward.console.commands.case import imports

        return imports.run(texts, file, system=system, reason=reason, json=json, alone=True)

    rows = typer.Argument(metavar="FILE", help=texts("help.import.file"), show_default=False)
    dry = typer.Option(False, "--dry", help=texts("help.import.dry"))
    again = typer.Option(False, "--again", help=texts("help.import.again"))
    auto_off = typer.Option(False, "--auto-off", help=texts("help.import.auto_off"))
    blank = typer.Argument(None, metavar="FILE", help=texts("help.template.file"), show_default=False)
    customer = typer.Option(None, "--customer", metavar="NAME", help=texts("help.begin.customer"))
    most = typer.Option(None, "--limit", metavar="N", min=1, help=texts("help.begin.limit"))
    amount = typer.Option(None, "--amount", metavar="SUM", help=texts("help.begin.amount"))
    begun_dry = typer.Option(False, "--dry", help=texts("help.begin.dry"))

    @case.command("import", cls=Command, help=texts("help.import"))
    def import_(
        file: Path = rows,
        system: str | None = system,
        auto_off: bool = auto_off,
        dry: bool = dry,
        again: bool = again,
        reason: str | None = reason,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import imports

        options = {"dry": dry, "again": again, "auto_off": auto_off}
        return imports.run(texts, file, system=system, reason=reason, json=json, **options)

    @case.command("template", cls=Command, help=texts("help.template"))
    def template(file: Path | None = blank, system: str | None = system, json: bool = json) -> int:
        from caseward.console.commands.case import template

        return template.show(texts, file, system=system, json=json)

    @case.command("begin", cls=Command, help=texts("help.begin"))
    def begin(
        customer: str | None = customer,
        limit: int | None = most,
        system: str | None = system,
        amount: str | None = amount,
        dry: bool = begun_dry,
        reason: str | None = reason,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import beginnings

        which = beginnings.Which(system, customer, limit)
        return beginnings.begin(texts, which, amount=amount, dry=dry, reason=reason, json=json, asks=asks)


def _handed_in(case: typer.Typer, texts: Texts, asks: bool) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    version = typer.Option(None, "--version", metavar="N", help=texts("help.version"))
    kind = typer.Argument(metavar="KIND", help=texts("help.upload.kind"), show_default=False)
    files = typer.Argument(metavar="FILE", help=texts("help.upload.file"), show_default=False)
    said = typer.Argument(metavar="[KIND] PART=VALUE", help=texts("help.give.said"), show_default=False)
    whose = typer.Option(None, "--owner", metavar="NAME", help=texts("help.upload.owner"))
    paper = typer.Option(None, "--authorisation", metavar="FILE", help=texts("help.upload.authorisation"))
    day = typer.Option(None, "--authorised-on", metavar="DATE", help=texts("help.upload.authorised_on"))
    owner = typer.Option(None, "--owner", metavar="NAME", help=texts("help.code.owner"))
    secret = typer.Argument(None, metavar="[KIND]", help=texts("help.code.kind"), show_default=False)

    @case.command("upload", cls=Command, help=texts("help.upload"))
    def upload(
        number: str = number,
        kind: str = kind,
        files: list[Path] = files,
        owner: str | None = whose,
        authorisation: Path | None = paper,
        authorised_on: str | None = day,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import gives

        options = {
            "owner": owner,
            "authorisation": str(authorisation) if authorisation is not None else None,
            "authorised_on": authorised_on,
        }
        return gives.upload(texts, number, kind, files, options, version=version, asks=asks, json=json)

    paper_kind = typer.Argument(metavar="PAPER", help=texts("help.compare.paper"), show_default=False)
    same = typer.Option(None, "--yes/--no", help=texts("help.compare.same"))
    reason = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.compare.reason"))
    out = typer.Option(None, "--out", metavar="FILE", help=texts("help.compare.out"))
    seen = typer.Option(None, "--seen", metavar="MARK", help=texts("help.compare.seen"))

    @case.command("compare", cls=Command, help=texts("help.compare"))
    def compare(
        number: str = number,
        paper: str = paper_kind,
        out: Path | None = out,
        same: bool | None = same,
        seen: str | None = seen,
        reason: str | None = reason,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import comparisons

        if out is not None and same is None:
            return comparisons.write_pair(texts, number, paper, out, json=json)
        return comparisons.compare(
            texts, number, paper, same=same, seen=seen, reason=reason, version=version, json=json
        )

    @case.command("give", cls=Command, help=texts("help.give"))
    def give(number: str = number, said: list[str] = said, version: int | None = version, json: bool = json) -> int:
        from caseward.console.commands.case import gives

        return gives.give(texts, number, said, version=version, asks=asks, json=json)

    @case.command("code", cls=Command, help=texts("help.code"))
    def code(number: str = number, kind: str | None = secret, owner: str | None = owner, json: bool = json) -> int:
        from caseward.console.commands.case import codes

        return codes.enter(texts, number, kind, owner=owner, asks=asks, json=json)
