"""The commands that run the whole system in this process: for a first look, and as a demonstration to its end."""

import typer

from caseward.console.terminal.help import Command
from caseward.console.wording.texts import Texts


def add(app: typer.Typer, texts: Texts) -> None:
    json = typer.Option(False, "--json", help=texts("help.json"))
    by_hand = typer.Option(False, "--by-hand", help=texts("help.up.by_hand"))
    real_time = typer.Option(False, "--real-time", help=texts("help.up.real_time"))
    fresh = typer.Option(False, "--fresh", help=texts("help.up.fresh"))

    @app.command("up", cls=Command, help=texts("help.up"))
    def up(by_hand: bool = by_hand, real_time: bool = real_time, fresh: bool = fresh) -> int:
        from caseward.demonstration import up as running

        return running.up(texts, by_hand=by_hand, real_time=real_time, fresh=fresh)

    @app.command("demo", cls=Command, help=texts("help.demo"))
    def demo(json: bool = json) -> int:
        from caseward.demonstration import demo_command

        return demo_command.run(texts, json=json)
