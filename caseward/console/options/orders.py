"""The commands by which people steer a case: hold, resume, note, retry, edit, assign, resend, notice, settle, force."""

from pathlib import Path

import typer

from caseward.console.terminal.answers import json_of
from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    version = typer.Option(None, "--version", metavar="N", help=texts("help.version"))
    wanted = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    possible = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.reason"))
    text = typer.Argument(metavar="TEXT", help=texts("help.note.text"), show_default=False)
    switch = typer.Argument(metavar="on|off", help=texts("help.auto.switch"), show_default=False)

    @case.command("hold", cls=Command, help=texts("help.hold"))
    def hold(number: str = number, reason: str = wanted, version: int | None = version, json: bool = json) -> int:
        from caseward.console.commands.case import orders

        return orders.hold(texts, number, reason=reason, version=version, json=json)

    @case.command("resume", cls=Command, help=texts("help.resume"))
    def resume(
        number: str = number, reason: str | None = possible, version: int | None = version, json: bool = json
    ) -> int:
        from caseward.console.commands.case import orders

        return orders.resume(texts, number, reason=reason, version=version, json=json)

    @case.command("note", cls=Command, help=texts("help.note"))
    def note(number: str = number, text: str = text, json: bool = json) -> int:
        from caseward.console.commands.case import orders

        return orders.note(texts, number, text, json=json)

    @case.command("auto", cls=Command, help=texts("help.auto"))
    def auto(
        number: str = number,
        switch: str = switch,
        reason: str | None = possible,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import orders

        return orders.auto(texts, number, switch, reason=reason, version=version, json=json)

    @case.command("retry", cls=Command, help=texts("help.retry"))
    def retry(number: str = number, reason: str = wanted, version: int | None = version, json: bool = json) -> int:
        from caseward.console.commands.case import orders

        return orders.retry(texts, number, reason=reason, version=version, json=json)

    _edited(case, texts)
    _assigned(case, texts)
    _reviewed(case, texts)
    _resent(case, texts)
    _noticed(case, texts)
    _outcomes(case, texts)


def _edited(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    said = typer.Argument(metavar="FIELD=VALUE", help=texts("help.edit.said"), show_default=False)
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    version = typer.Option(None, "--version", metavar="N", help=texts("help.version"))
    dry = typer.Option(False, "--dry", help=texts("help.edit.dry"))
    json = typer.Option(False, "--json", help=texts("help.json"))

    @case.command("edit", cls=Command, help=texts("help.edit"))
    def edit(
        number: str = number,
        said: list[str] = said,
        reason: str = reason,
        version: int | None = version,
        dry: bool = dry,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import edits

        return edits.run(texts, number, said, reason=reason, version=version, dry=dry, json=json)

    rows = typer.Argument(metavar="FILE", help=texts("help.update.file"), show_default=False)
    system = typer.Option(None, "--system", metavar="NAME", help=texts("help.import.system"))

    @case.command("update", cls=Command, help=texts("help.update"))
    def update(
        file: Path = rows, system: str | None = system, reason: str = reason, dry: bool = dry, json: bool = json
    ) -> int:
        from caseward.console.commands.case import edits

        return edits.update(texts, file, system=system, reason=reason, dry=dry, json=json)


def _assigned(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    login = typer.Argument(metavar="LOGIN", help=texts("help.assign.login"), show_default=False)
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    remote = typer.Option(None, "--remote", metavar="NAME", help=texts("help.account.remote"))
    even_so = typer.Option(False, "--even-so", help=texts("help.assign.even_so"))
    version = typer.Option(None, "--version", metavar="N", help=texts("help.version"))
    json = typer.Option(False, "--json", help=texts("help.json"))

    @case.command("assign", cls=Command, help=texts("help.assign"))
    def assign(
        number: str = number,
        login: str = login,
        remote: str | None = remote,
        reason: str = reason,
        even_so: bool = even_so,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.account import pools

        return pools.assign(
            texts, number, login, remote=remote, reason=reason, even_so=even_so, version=version, json=json
        )


def _reviewed(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    yes = typer.Option(None, "--yes", metavar="MARK", help=texts("help.review.yes"))
    reason = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.reason"))
    json = typer.Option(False, "--json", help=texts("help.json"))

    @case.command("review", cls=Command, help=texts("help.review"))
    def review(number: str = number, yes: str | None = yes, reason: str | None = reason, json: bool = json) -> int:
        from caseward.console.commands.case import reviews

        return reviews.review(texts, number, yes=yes, reason=reason, json=json)


def _resent(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    notice = typer.Argument(None, metavar="NOTICE", help=texts("help.resend.notice"), show_default=False)
    owner = typer.Option(None, "--owner", metavar="NAME", help=texts("help.resend.owner"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    version = typer.Option(None, "--version", metavar="N", help=texts("help.version"))
    json = typer.Option(False, "--json", help=texts("help.json"))

    @case.command("resend", cls=Command, help=texts("help.resend"))
    def resend(
        number: str = number,
        notice: str | None = notice,
        owner: str | None = owner,
        reason: str = reason,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import resend

        return resend.resend(texts, number, notice, owner=owner, reason=reason, version=version, json=json)


def _noticed(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    notice = typer.Argument(None, metavar="NOTICE", help=texts("help.notice.notice"), show_default=False)
    owner = typer.Option(None, "--owner", metavar="NAME", help=texts("help.notice.owner"))
    release = typer.Option(None, "--release/--drop", help=texts("help.notice.release"), show_default=False)
    reason = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.notice.reason"))
    json = typer.Option(False, "--json", help=texts("help.json"))
    fields = typer.Option(None, "--fields", metavar="NAMES", help=texts("help.fields"))

    @case.command("notice", cls=Command, help=texts("help.notice"))
    def notice_(
        number: str = number,
        notice: str | None = notice,
        owner: str | None = owner,
        release: bool | None = release,
        reason: str | None = reason,
        json: bool = json,
        fields: str | None = fields,
    ) -> int:
        from caseward.console.commands.case import notice as notices

        said = json_of(texts, json, fields)
        return notices.notice(texts, number, notice, owner=owner, release=release, reason=reason, json=said)


def _outcomes(case: typer.Typer, texts: Texts) -> None:
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    version = typer.Option(None, "--version", metavar="N", help=texts("help.version"))
    reason = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.reason"), show_default=False)
    grave = typer.Option(..., "--reason", metavar="TEXT", help=texts("help.force.reason"), show_default=False)
    effect = typer.Argument(metavar="ACTION", help=texts("help.settle.effect"), show_default=False)
    state = typer.Argument(metavar="STATE", help=texts("help.force.state"), show_default=False)
    did = typer.Option(None, "--happened/--not-happened", help=texts("help.settle.happened"), show_default=False)
    result = typer.Option(None, "--result", metavar="JSON", help=texts("help.settle.result"))
    done = typer.Option([], "--happened", metavar="ACTION", help=texts("help.force.happened"), show_default=False)
    undone = typer.Option(
        [], "--not-happened", metavar="ACTION", help=texts("help.force.not_happened"), show_default=False
    )
    round_ = typer.Option(False, "--new-round", help=texts("help.force.new_round"))
    dry = typer.Option(False, "--dry", help=texts("help.force.dry"))
    even_so = typer.Option(False, "--even-so", help=texts("help.force.even_so"))

    @case.command("settle", cls=Command, help=texts("help.settle"))
    def settle(
        number: str = number,
        effect: str = effect,
        happened: bool | None = did,
        result: str | None = result,
        reason: str = reason,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import orders

        return orders.settle(
            texts, number, effect, happened=happened, result=result, reason=reason, version=version, json=json
        )

    @case.command("force", cls=Command, help=texts("help.force"))
    def force(
        number: str = number,
        state: str = state,
        reason: str = grave,
        happened: list[str] = done,
        not_happened: list[str] = undone,
        new_round: bool = round_,
        dry: bool = dry,
        even_so: bool = even_so,
        version: int | None = version,
        json: bool = json,
    ) -> int:
        from caseward.console.commands.case import forces

        return forces.force(
            texts, number, state, reason=reason, happened=happened, not_happened=not_happened,
            new_round=new_round, dry=dry, even_so=even_so, version=version, json=json,
        )  # fmt: skip
