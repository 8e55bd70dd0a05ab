"""The commands about schedules, and those by which this process becomes a worker or a beat."""

import inspect
from collections.abc import Callable
from typing import Any

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.terminal.schedule_fields import FIELDS
from caseward.console.wording.texts import Texts

STATUSES = ("pending", "running", "finished", "lost", "skipped")


def add(schedule: typer.Typer, texts: Texts) -> None:
    _reading(schedule, texts)
    _editing(schedule, texts)
    _ordering(schedule, texts)


def _reading(schedule: typer.Typer, texts: Texts) -> None:
    name = typer.Argument(metavar="NAME", help=texts("help.schedule.name"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))
    deleted = typer.Option(False, "--deleted", help=texts("help.schedule.deleted"))
    n = typer.Option(5, "--count", "-n", metavar="N", min=1, max=500, help=texts("help.schedule.count"))
    limit = typer.Option(20, "--limit", metavar="N", min=1, max=1000, help=texts("help.schedule.limit"))
    cursor = typer.Option(None, "--cursor", metavar="INSTANT", help=texts("help.schedule.cursor"))
    status = typer.Option(None, "--status", metavar="STATUS", help=texts("help.schedule.status"))

    @schedule.command("list", cls=Command, help=texts("help.schedule.list"))
    def list_(deleted: bool = deleted, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.schedule import views

        return views.list_schedules(texts, deleted=deleted, json=json_of(texts, json, fields))

    @schedule.command("show", cls=Command, help=texts("help.schedule.show"))
    def show(name: str = name, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.schedule import views

        return views.show(texts, name, json=json_of(texts, json, fields))

    @schedule.command("next", cls=Command, help=texts("help.schedule.next"))
    def next_(name: str = name, n: int = n, json: bool = json, fields: str | None = fields) -> int:
        from caseward.console.commands.schedule import views

        return views.coming(texts, name, n=n, json=json_of(texts, json, fields))

    @schedule.command("log", cls=Command, help=texts("help.schedule.log"))
    def log(
        name: str = name,
        status: str | None = status,
        limit: int = limit,
        cursor: str | None = cursor,
        json: bool = json,
        fields: str | None = fields,
    ) -> int:
        from caseward.console.commands.schedule import views
        from caseward.console.terminal.answers import not_one_of

        if status is not None and status not in STATUSES:
            raise not_one_of(texts, "status", status, STATUSES)
        return views.log(texts, name, limit=limit, cursor=cursor, status=status, json=json_of(texts, json, fields))


def _editing(schedule: typer.Typer, texts: Texts) -> None:
    name = typer.Argument(metavar="NAME", help=texts("help.schedule.name"), show_default=False)
    new_name = typer.Argument(metavar="NAME", help=texts("help.schedule.new_name"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    version = typer.Option(None, "--version", metavar="N", help=texts("help.schedule.version"))
    dry = typer.Option(False, "--dry", help=texts("help.schedule.edit.dry"))

    def add(name: str = new_name, reason: str = reason, dry: bool = dry, json: bool = json, **fields: Any) -> int:
        from caseward.console.commands.schedule import edits

        return edits.add(texts, name, fields, reason=reason, dry=dry, json=json)

    def edit(
        name: str = name,
        reason: str = reason,
        version: int | None = version,
        dry: bool = dry,
        json: bool = json,
        **fields: Any,
    ) -> int:
        from caseward.console.commands.schedule import edits

        return edits.edit(texts, name, fields, reason=reason, version=version, dry=dry, json=json)

    schedule.command("add", cls=Command, help=texts("help.schedule.add"))(_with_fields(add, texts))
    schedule.command("edit", cls=Command, help=texts("help.schedule.edit"))(_with_fields(edit, texts))


def _with_fields(command: Callable[..., int], texts: Texts) -> Callable[..., int]:
    """The command with an option for each field of a schedule, in place of its **fields."""
    name, *own, _ = inspect.signature(command).parameters.values()
    options = [
        inspect.Parameter(
            field.key,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=typer.Option(
                None,
                f"{field.option}/--disable" if field.kind is bool else field.option,
                metavar=field.metavar,
                help=texts(f"help.schedule.{field.key}"),
                show_default=False,
            ),
            annotation=field.kind | None,
        )
        for field in FIELDS
    ]
    taken = [name, *options, *own]
    command.__signature__ = inspect.Signature(taken, return_annotation=int)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in taken}
    return command


def _ordering(schedule: typer.Typer, texts: Texts) -> None:
    name = typer.Argument(metavar="NAME", help=texts("help.schedule.name"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    possible = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.reason"))
    version = typer.Option(None, "--version", metavar="N", help=texts("help.schedule.version"))
    dry = typer.Option(False, "--dry", help=texts("help.schedule.dry"))
    follow = typer.Option(False, "--follow", help=texts("help.schedule.follow"))
    timeout = typer.Option(None, "--timeout", metavar="SPAN", help=texts("help.schedule.follow.timeout"))
    limit = typer.Option(100, "--limit", metavar="N", min=1, max=1000, help=texts("help.schedule.dry.limit"))
    until = typer.Option(None, "--until", metavar="INSTANT", help=texts("help.schedule.until"))
    span = typer.Option(None, "--for", metavar="SPAN", help=texts("help.schedule.for"))

    @schedule.command("run", cls=Command, help=texts("help.schedule.run"))
    def run(
        name: str = name,
        reason: str | None = possible,
        follow: bool = follow,
        timeout: str | None = timeout,
        dry: bool = dry,
        limit: int = limit,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.schedule import runs

        return runs.run(texts, name, reason=reason, dry=dry, follows=follow, timeout=timeout, limit=limit, json=json)

    @schedule.command("pause", cls=Command, help=texts("help.schedule.pause"))
    def pause(
        name: str = name,
        until: str | None = until,
        span: str | None = span,
        reason: str = reason,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.schedule import edits

        return edits.pause(texts, name, until=until, span=span, reason=reason, version=version, json=json)

    @schedule.command("resume", cls=Command, help=texts("help.schedule.resume"))
    def resume(name: str = name, reason: str = reason, version: int | None = version, json: bool = json) -> int:
        from caseward.console.commands.schedule import edits

        return edits.resume(texts, name, reason=reason, version=version, json=json)

    @schedule.command("delete", cls=Command, help=texts("help.schedule.delete"))
    def delete(name: str = name, reason: str = reason, version: int | None = version, json: bool = json) -> int:
        from caseward.console.commands.schedule import edits

        return edits.delete(texts, name, reason=reason, version=version, json=json)

    @schedule.command("restore", cls=Command, help=texts("help.schedule.restore"))
    def restore(name: str = name, reason: str = reason, json: bool = json) -> int:
        from caseward.console.commands.schedule import edits

        return edits.restore(texts, name, reason=reason, json=json)


def add_processes(app: typer.Typer, texts: Texts) -> None:
    queues = typer.Option(None, "--queues", "-Q", metavar="NAMES", help=texts("help.worker.queues"))
    many = typer.Option(None, "--concurrency", "-c", metavar="N", min=1, max=256, help=texts("help.worker.concurrency"))
    level = typer.Option("info", "--loglevel", "-l", metavar="LEVEL", help=texts("help.worker.loglevel"))

    @app.command("worker", cls=Command, help=texts("help.worker"))
    def worker(queues: str | None = queues, at_once: int | None = many, level: str = level) -> int:
        from caseward.console.commands.schedule import processes

        return processes.worker(texts, queues=queues, at_once=at_once, level=level)

    @app.command("beat", cls=Command, help=texts("help.beat"))
    def beat(level: str = level) -> int:
        from caseward.console.commands.schedule import processes

        return processes.beat(texts, level=level)
