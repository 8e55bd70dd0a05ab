"""The commands about calendars."""

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(calendar: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    name = typer.Argument(metavar="NAME", help=texts("help.calendar.name"), show_default=False)

    @calendar.command("list", cls=Command, help=texts("help.calendar.list"))
    def list_(json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.calendar import views

        return views.list_calendars(texts, json=json_of(texts, json, fields))

    @calendar.command("show", cls=Command, help=texts("help.calendar.show"))
    def show(name: str = name, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.calendar import views

        return views.show(texts, name, json=json_of(texts, json, fields))

    _editing(calendar, texts)


def _editing(calendar: typer.Typer, texts: Texts) -> None:
    def several(option: str, metavar: str, told: str) -> list[str]:
        found: list[str] = typer.Option([], option, metavar=metavar, help=texts(told), show_default=False)
        return found

    name = typer.Argument(metavar="NAME", help=texts("help.calendar.name"), show_default=False)
    hours = several("--hours", "DAYS=SPANS", "help.calendar.hours")
    holiday = several("--holiday", "DAYS=TEXT", "help.calendar.holiday")
    workday = several("--workday", "DAY", "help.calendar.workday")
    no_holiday = several("--no-holiday", "DAY", "help.calendar.no_holiday")
    no_workday = several("--no-workday", "DAY", "help.calendar.no_workday")
    zone = typer.Option(None, "--zone", metavar="ZONE", help=texts("help.calendar.zone"))
    until = typer.Option(None, "--until", metavar="DAY|none", help=texts("help.calendar.until"))
    reset = typer.Option(False, "--reset", help=texts("help.calendar.reset"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    version = typer.Option(None, "--version", metavar="N", help=texts("help.calendar.version"))
    dry = typer.Option(False, "--dry", help=texts("help.calendar.dry"))
    json = typer.Option(False, "--json", help=texts("help.json"))

    @calendar.command("edit", cls=Command, help=texts("help.calendar.edit"))
    def edit(
        name: str = name,
        hours: list[str] = hours,
        holiday: list[str] = holiday,
        workday: list[str] = workday,
        no_holiday: list[str] = no_holiday,
        no_workday: list[str] = no_workday,
        zone: str | None = zone,
        until: str | None = until,
        reset: bool = reset,
        reason: str = reason,
        version: int | None = version,
        dry: bool = dry,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.calendar import edits
        from workflow.calendars import Changes

        wanted = Changes(
            tuple(hours), tuple(holiday), tuple(workday), tuple(no_holiday), tuple(no_workday), zone, until
        )
        return edits.edit(texts, name, wanted, reset=reset, reason=reason, version=version, dry=dry, json=json)
