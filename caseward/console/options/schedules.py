"""The commands about schedules, and those by which this process becomes a worker or a beat."""

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
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
    json = typer.Option(False, "--json", help=texts("help.json"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    version = typer.Option(None, "--version", metavar="N", help=texts("help.schedule.version"))
    dry = typer.Option(False, "--dry", help=texts("help.schedule.edit.dry"))
    cron = typer.Option(None, "--cron", metavar="CRON", help=texts("help.schedule.cron"))
    every = typer.Option(None, "--every", metavar="SPAN", help=texts("help.schedule.every"))
    zone = typer.Option(None, "--zone", metavar="ZONE", help=texts("help.schedule.zone"))
    target = typer.Option(None, "--target", metavar="TARGET", help=texts("help.schedule.target"))
    group = typer.Option(None, "--group", metavar="GROUP", help=texts("help.schedule.group"))
    calendar = typer.Option(None, "--calendar", metavar="NAME|none", help=texts("help.schedule.calendar"))
    recheck = typer.Option(None, "--recheck", metavar="SPAN|none", help=texts("help.schedule.recheck"))
    overlap = typer.Option(None, "--overlap", metavar="skip|queue_one|allow", help=texts("help.schedule.overlap"))
    misfire = typer.Option(None, "--misfire", metavar="run_once|run_all|skip", help=texts("help.schedule.misfire"))
    catch_up = typer.Option(None, "--catch-up", metavar="SPAN", help=texts("help.schedule.catch_up"))
    timeout = typer.Option(None, "--timeout", metavar="SPAN", help=texts("help.schedule.timeout"))
    batch = typer.Option(None, "--batch", metavar="N|all", help=texts("help.schedule.batch"))
    retries = typer.Option(None, "--retries", metavar="N", help=texts("help.schedule.retries"))
    enabled = typer.Option(None, "--enable/--disable", help=texts("help.schedule.enable"), show_default=False)

    @schedule.command("edit", cls=Command, help=texts("help.schedule.edit"))
    def edit(
        name: str = name,
        cron: str | None = cron,
        every: str | None = every,
        zone: str | None = zone,
        target: str | None = target,
        group: str | None = group,
        calendar: str | None = calendar,
        recheck: str | None = recheck,
        overlap: str | None = overlap,
        misfire: str | None = misfire,
        catch_up: str | None = catch_up,
        timeout: str | None = timeout,
        batch: str | None = batch,
        retries: int | None = retries,
        enabled: bool | None = enabled,
        reason: str = reason,
        version: int | None = version,
        dry: bool = dry,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.schedule import edits

        wanted = edits.changes_of(
            texts, cron=cron, every=every, target=target, calendar=calendar, recheck=recheck, catch_up=catch_up,
            timeout=timeout, batch=batch, retries=retries, zone=zone, group=group, overlap=overlap, misfire=misfire,
            enabled=enabled,
        )  # fmt: skip
        return edits.edit(texts, name, wanted, reason=reason, version=version, dry=dry, json=json)


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
    queues = typer.Option("http,browser", "--queues", "-Q", metavar="NAMES", help=texts("help.worker.queues"))
    many = typer.Option(None, "--concurrency", "-c", metavar="N", min=1, max=256, help=texts("help.worker.concurrency"))
    level = typer.Option("info", "--loglevel", "-l", metavar="LEVEL", help=texts("help.worker.loglevel"))

    @app.command("worker", cls=Command, help=texts("help.worker"))
    def worker(queues: str = queues, at_once: int | None = many, level: str = level) -> int:
        from caseward.console.commands.schedule import processes

        return processes.worker(texts, queues=queues, at_once=at_once, level=level)

    @app.command("beat", cls=Command, help=texts("help.beat"))
    def beat(level: str = level) -> int:
        from caseward.console.commands.schedule import processes

        return processes.beat(texts, level=level)
