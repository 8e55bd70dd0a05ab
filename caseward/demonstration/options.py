"""The commands that run the whole system in this process: for a first look, and as a demonstration to its end."""

import typer

from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(app: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    by_hand = typer.Option(False, "--by-hand", help=texts("help.up.by_hand"))
    real_time = typer.Option(False, "--real-time", help=texts("help.up.real_time"))
    fresh = typer.Option(False, "--fresh", help=texts("help.up.fresh"))
    own = typer.Option(None, "--app", metavar="PACKAGE:NAME", help=texts("help.up.app"))
    reload = typer.Option(False, "--reload", help=texts("help.up.reload"))

    @app.command("up", cls=Command, help=texts("help.up"))
    def up(
        by_hand: bool = by_hand,
        real_time: bool = real_time,
        fresh: bool = fresh,
        own: str | None = own,
        reload: bool = reload,
    ) -> int:
        from caseward.demonstration import reloading
        from caseward.demonstration import up as running

        if own is not None:
            reloading.name_app(own)
        if reload:
            return reloading.reloading(texts)
        return running.up(texts, by_hand=by_hand, real_time=real_time, fresh=fresh)

    system = typer.Option(None, "--system", metavar="NAME", help=texts("help.demo.system"))

    @app.command("demo", cls=Command, help=texts("help.demo"))
    def demo(system: str | None = system, json: bool = json) -> int:
        from caseward.demonstration import demo_command

        return demo_command.run(texts, system=system, json=json)
