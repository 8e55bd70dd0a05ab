"""The commands about incidents, flows, the record as a whole, and the machine that it all runs on."""

from pathlib import Path

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add_incidents(incident: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    id_ = typer.Argument(metavar="ID", help=texts("help.incident.id"), show_default=False)
    closed = typer.Option(False, "--all", help=texts("help.incident.all"))
    number = typer.Option(None, "--case", metavar="N", help=texts("help.incident.case"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)

    only = typer.Option(False, "--only", "--trial", help=texts("help.only"))

    @incident.command("list", cls=Command, help=texts("help.incident.list"))
    def list_(
        closed: bool = closed, number: str | None = number, json: bool = json, fields: str | None = fields
    ) -> int:
        from caseward.console.commands.incident import views

        return views.list_incidents(texts, closed=closed, number=number, json=json_of(texts, json, fields))

    @incident.command("show", cls=Command, help=texts("help.incident.show"))
    def show(id_: str = id_, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.incident import views

        return views.show(texts, id_, json=json_of(texts, json, fields))

    @incident.command("resolve", cls=Command, help=texts("help.incident.resolve"))
    def resolve(id_: str = id_, reason: str = reason, only: bool = only, json: bool = json) -> int:
        from caseward.console.commands.incident import views

        return views.resolve(texts, id_, reason=reason, only=only, json=json)


def add_flows(flow: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    name = typer.Argument(None, metavar="FLOW", help=texts("help.flow.name"), show_default=False)
    out = typer.Option(None, "--out", metavar="FOLDER", help=texts("help.flow.out"))

    @flow.command("check", cls=Command, help=texts("help.flow.check"))
    def check(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.system import checks

        return checks.check_flows(texts, json=json_of(texts, json, fields))

    @flow.command("page", cls=Command, help=texts("help.flow.page"))
    def page(name: str | None = name, out: Path | None = out, json: bool = json) -> int:
        from caseward.console.commands.system import checks

        return checks.page(texts, name, out, json=json)


def add_record(app: typer.Typer, audit: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))

    @app.command("migrate", cls=Command, help=texts("help.migrate"))
    def migrate(json: bool = json) -> int:
        from caseward.console.commands.system import checks

        return checks.bring_up(texts, json=json)

    part = typer.Option(False, "--changed", help=texts("help.audit.changed"))

    @audit.command("verify", cls=Command, help=texts("help.audit.verify"))
    def verify(changed: bool = part, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.system import checks

        return checks.verify(texts, changed=changed, json=json_of(texts, json, fields))

    number = typer.Argument(None, metavar="N", help=texts("help.audit.number"), show_default=False)
    wanted = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)

    @audit.command("acknowledge", cls=Command, help=texts("help.audit.acknowledge"))
    def acknowledge(number: str | None = number, reason: str = wanted, json: bool = json) -> int:
        from caseward.console.commands.system import checks

        return checks.acknowledge(texts, number, reason=reason, json=json)


def add_machine(app: typer.Typer, browser: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))

    @app.command("doctor", cls=Command, help=texts("help.doctor"))
    def doctor(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.system import doctor as looking

        return looking.run(texts, json=json_of(texts, json, fields))

    @browser.command("find", cls=Command, help=texts("help.browser.find"))
    def find(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.browser import chromium

        return chromium.run(texts, install=False, json=json_of(texts, json, fields))

    @browser.command("install", cls=Command, help=texts("help.browser.install"))
    def install(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.browser import chromium

        return chromium.run(texts, install=True, json=json_of(texts, json, fields))


def add_systems(app: typer.Typer, system: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    name = typer.Argument(metavar="NAME", help=texts("help.new.name"), show_default=False)
    folder = typer.Option(None, "--folder", metavar="FOLDER", help=texts("help.new.folder"))

    @app.command("new", cls=Command, help=texts("help.new"))
    def new(name: str = name, folder: Path | None = folder, json: bool = json) -> int:
        from caseward.console.commands.system import projects

        return projects.new(texts, name, folder, json=json_of(texts, json, None))

    @system.command("list", cls=Command, help=texts("help.system.list"))
    def list_(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.system import projects

        return projects.list_systems(texts, json=json_of(texts, json, fields))

    @system.command("check", cls=Command, help=texts("help.system.check"))
    def check(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.system import projects

        return projects.check_systems(texts, json=json_of(texts, json, fields))
