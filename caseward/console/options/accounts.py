"""The commands about the logins that the office holds at the bureau."""

from pathlib import Path

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(account: typer.Typer, texts: Texts, asks: bool) -> None:
    _kept(account, texts, asks)
    _sessions(account, texts, asks)
    _pools(account, texts)


def _kept(account: typer.Typer, texts: Texts, asks: bool) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    file = typer.Argument(metavar="FILE", help=texts("help.account.import.file"), show_default=False)
    login = typer.Argument(metavar="LOGIN", help=texts("help.account.login"), show_default=False)
    region = typer.Option(None, "--region", metavar="TEXT", help=texts("help.account.region"))
    notes = typer.Option(None, "--notes", metavar="TEXT", help=texts("help.account.notes"))
    remote = typer.Option(None, "--remote", metavar="NAME", help=texts("help.account.remote"))

    @account.command("list", cls=Command, help=texts("help.account.list"))
    def list_(remote: str | None = remote, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.account import views as holdings

        return holdings.list_accounts(texts, remote=remote, json=json_of(texts, json, fields))

    @account.command("import", cls=Command, help=texts("help.account.import"))
    def import_accounts(file: Path = file, remote: str | None = remote, json: bool = json) -> int:
        from caseward.console.commands.case import imports

        return imports.run_accounts(texts, file, remote=remote, json=json)

    @account.command("add", cls=Command, help=texts("help.account.add"))
    def add(
        login: str = login,
        remote: str | None = remote,
        region: str | None = region,
        notes: str | None = notes,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.account import views as holdings

        return holdings.add(texts, login, remote=remote, region=region, notes=notes, asks=asks, json=json)

    @account.command("set-password", cls=Command, help=texts("help.account.set_password"))
    def set_password(login: str = login, remote: str | None = remote, json: bool = json) -> int:
        from caseward.console.commands.account import views as holdings

        return holdings.set_password(texts, login, remote=remote, asks=asks, json=json)


def _sessions(account: typer.Typer, texts: Texts, asks: bool) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    login = typer.Argument(metavar="LOGIN", help=texts("help.account.login"), show_default=False)
    remote = typer.Option(None, "--remote", metavar="NAME", help=texts("help.account.remote"))
    some = typer.Argument(None, metavar="LOGIN", help=texts("help.account.some"), show_default=False)

    @account.command("login", cls=Command, help=texts("help.account.log_in"))
    def log_in(login: str = login, remote: str | None = remote, json: bool = json) -> int:
        from caseward.console.commands.account import login as signing_in

        return signing_in.log_in(texts, login, remote=remote, asks=asks, json=json)

    @account.command("answer", cls=Command, help=texts("help.account.answer"))
    def answer(login: str = login, remote: str | None = remote, json: bool = json) -> int:
        from caseward.console.commands.account import login as signing_in

        return signing_in.answer(texts, login, remote=remote, asks=asks, json=json)

    @account.command("refresh", cls=Command, help=texts("help.account.refresh"))
    def refresh(
        logins: list[str] | None = some, remote: str | None = remote, json: bool = json, fields: str | None = fields
    ) -> int:
        from caseward.console.commands.account import login as signing_in

        return signing_in.refresh(texts, logins or [], remote=remote, json=json_of(texts, json, fields))


def _pools(account: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    login = typer.Argument(metavar="LOGIN", help=texts("help.account.login"), show_default=False)
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    possible = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.reason"))
    version = typer.Option(None, "--version", metavar="N", help=texts("help.account.version"))
    remote = typer.Option(None, "--remote", metavar="NAME", help=texts("help.account.remote"))

    @account.command("retire", cls=Command, help=texts("help.account.retire"))
    def retire(
        login: str = login,
        remote: str | None = remote,
        reason: str = reason,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.account import pools

        return pools.retire(texts, login, remote=remote, reason=reason, version=version, json=json)

    @account.command("restore", cls=Command, help=texts("help.account.restore"))
    def restore(
        login: str = login,
        remote: str | None = remote,
        reason: str | None = possible,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.account import pools

        return pools.restore(texts, login, remote=remote, reason=reason, version=version, json=json)
