"""The commands of the sandbox, the simulated outside world: start it, and turn its clock, inboxes and faults."""

from pathlib import Path

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(sandbox: typer.Typer, texts: Texts) -> None:
    _world(sandbox, texts)
    _faults(sandbox, texts)


def _world(sandbox: typer.Typer, texts: Texts) -> None:
    url = typer.Option(None, "--url", metavar="URL", help=texts("help.sandbox.url"))
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    system = typer.Option(None, "--system", metavar="NAME", help=texts("help.sandbox.system"))
    port = typer.Option(None, "--port", metavar="N", min=1, max=65535, help=texts("help.sandbox.port"))
    data = typer.Option(None, "--data", metavar="FOLDER", help=texts("help.sandbox.data"))
    world = typer.Option(None, "--world", metavar="FILE", help=texts("help.sandbox.world"))
    advance = typer.Option(None, "--advance", metavar="SPAN", help=texts("help.sandbox.advance"))
    to = typer.Option(None, "--to", metavar="INSTANT", help=texts("help.sandbox.to"))
    phone = typer.Argument(metavar="PHONE", help=texts("help.sandbox.phone"), show_default=False)

    @sandbox.command("start", cls=Command, help=texts("help.sandbox.start"))
    def start(
        system: str | None = system, port: int | None = port, data: Path | None = data, world: Path | None = world
    ) -> int:
        from caseward.demonstration import sandbox_command as playground

        return playground.start(texts, system=system, port=port, data=data, world=world)

    @sandbox.command("clock", cls=Command, help=texts("help.sandbox.clock"))
    def clock(
        advance: str | None = advance,
        to: str | None = to,
        url: str | None = url,
        json: bool = json,
        fields: str | None = fields,
    ) -> int:
        from caseward.demonstration import sandbox_command as playground

        return playground.clock(texts, advance=advance, to=to, url=url, json=json_of(texts, json, fields))

    @sandbox.command("inbox", cls=Command, help=texts("help.sandbox.inbox"))
    def inbox(phone: str = phone, url: str | None = url, json: bool = json, fields: str | None = fields) -> int:
        from caseward.demonstration import sandbox_command as playground

        return playground.inbox(texts, phone, url=url, json=json_of(texts, json, fields))


def _faults(sandbox: typer.Typer, texts: Texts) -> None:
    url = typer.Option(None, "--url", metavar="URL", help=texts("help.sandbox.url"))
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    login = typer.Argument(metavar="LOGIN", help=texts("help.sandbox.login"), show_default=False)
    name = typer.Argument(metavar="NAME", help=texts("help.sandbox.name"), show_default=False)
    operation = typer.Argument(metavar="OPERATION", help=texts("help.sandbox.operation"), show_default=False)
    kind = typer.Argument(metavar="KIND", help=texts("help.sandbox.kind"), show_default=False)
    count = typer.Option(None, "--count", metavar="N", min=1, help=texts("help.sandbox.count"))
    nth = typer.Option(None, "--nth", metavar="N", min=1, help=texts("help.sandbox.nth"))
    chance = typer.Option(None, "--probability", metavar="P", min=0.0, max=1.0, help=texts("help.sandbox.probability"))
    seconds = typer.Option(None, "--seconds", metavar="N", min=0.0, help=texts("help.sandbox.seconds"))
    about = typer.Option(None, "--object", metavar="NAME", help=texts("help.sandbox.object"))

    @sandbox.command("faults", cls=Command, help=texts("help.sandbox.faults"))
    def faults(url: str | None = url, json: bool = json, fields: str | None = fields) -> int:
        from caseward.demonstration import sandbox_command as playground

        return playground.faults(texts, url=url, json=json_of(texts, json, fields))

    @sandbox.command("fault", cls=Command, help=texts("help.sandbox.fault"))
    def fault(
        operation: str = operation,
        kind: str = kind,
        count: int | None = count,
        nth: int | None = nth,
        probability: float | None = chance,
        seconds: float | None = seconds,
        object_: str | None = about,
        url: str | None = url,
        json: bool = json,
    ) -> int:
        from caseward.demonstration import sandbox_command as playground

        given = {"count": count, "nth": nth, "probability": probability, "seconds": seconds, "object": object_}
        return playground.fault(texts, operation, kind, given, url=url, json=json)

    @sandbox.command("mend", cls=Command, help=texts("help.sandbox.mend"))
    def mend(name: str = name, url: str | None = url, json: bool = json) -> int:
        from caseward.demonstration import sandbox_command as playground

        return playground.mend(texts, name, url=url, json=json)

    @sandbox.command("kick", cls=Command, help=texts("help.sandbox.kick"))
    def kick(login: str = login, url: str | None = url, json: bool = json) -> int:
        from caseward.demonstration import sandbox_command as playground

        return playground.kick(texts, login, url=url, json=json)
