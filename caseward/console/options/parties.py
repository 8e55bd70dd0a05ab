"""The commands about the people and firms that cases are about."""

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(party: typer.Typer, texts: Texts, asks: bool) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    find = typer.Option(None, "--find", metavar="TEXT", help=texts("help.party.find"))
    who = typer.Argument(metavar="WHO", help=texts("help.party.who"), show_default=False)
    said = typer.Argument(metavar="KIND PART=VALUE", help=texts("help.give.said"), show_default=False)

    @party.command("list", cls=Command, help=texts("help.party.list"))
    def list_(find: str | None = find, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.party import views

        return views.list_parties(texts, find, json=json_of(texts, json, fields))

    @party.command("show", cls=Command, help=texts("help.party.show"))
    def show(who: str = who, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.party import views

        return views.show(texts, who, json=json_of(texts, json, fields))

    @party.command("give", cls=Command, help=texts("help.party.give"))
    def give(who: str = who, said: list[str] = said, json: bool = json) -> int:
        from caseward.console.commands.party import gives

        return gives.give(texts, who, said, asks=asks, json=json)
