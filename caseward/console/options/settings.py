"""The commands about settings."""

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(settings: typer.Typer, texts: Texts, asks: bool) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    name = typer.Argument(metavar="NAME", help=texts("help.settings.name"), show_default=False)
    value = typer.Argument(None, metavar="VALUE", help=texts("help.settings.value"), show_default=False)
    unset = typer.Option(False, "--unset", help=texts("help.settings.unset"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)

    @settings.command("list", cls=Command, help=texts("help.settings.list"))
    def list_(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.system import origins

        return origins.list_settings(texts, json=json_of(texts, json, fields))

    @settings.command("set", cls=Command, help=texts("help.settings.set"))
    def set_(
        name: str = name, value: str | None = value, unset: bool = unset, reason: str = reason, json: bool = json
    ) -> int:
        from caseward.console.commands.system import changing

        return changing.change(texts, name, value, unset=unset, reason=reason, asks=asks, json=json)
