"""The command line: its commands and options, and how every way to fail ends in two lines and an exit code."""

# what is imported here is paid for by every `caseward --help`: the engine is read when a command runs
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

    from console.complaints import Complaint
    from console.texts import Texts


def main() -> None:
    """What the console script `caseward` calls."""
    try:
        code = run(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def run(args: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs one command; its exit code. Whatever goes wrong is said, never raised."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    from console.output import ReaderGone
    from console.texts import Texts, language_in, language_of

    args, said, debug = _common(args)
    texts = Texts(language_of(said or "") or language_in(environ))
    try:
        wrong = _wrong_language(said, environ, texts)
        code = _complain(wrong, args, texts) if wrong else _invoke(args, texts, debug)
        sys.stdout.flush()
        return code
    except (BrokenPipeError, ReaderGone):
        # who reads has enough; Python would complain once more when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def build(texts: "Texts") -> "typer.Typer":
    """The commands, with their help in this language."""
    import typer

    from console.help import Command, Group

    app = typer.Typer(
        name="caseward", cls=Group, help=texts("help.caseward"), epilog=texts("help.exit_codes"),
        add_completion=False, no_args_is_help=True, context_settings={"obj": texts},
    )  # fmt: skip
    case = typer.Typer(name="case", cls=Group, help=texts("help.case"), no_args_is_help=True)
    account = typer.Typer(name="account", cls=Group, help=texts("help.account"), no_args_is_help=True)
    app.add_typer(case)
    app.add_typer(account)
    number = typer.Argument(metavar="N", help=texts("help.number"), show_default=False)
    json = typer.Option(False, "--json", help=texts("help.json"))
    file = typer.Argument(metavar="FILE", help=texts("help.import.file"), show_default=False)
    logins = typer.Argument(metavar="FILE", help=texts("help.account.import.file"), show_default=False)
    reason = typer.Option(None, "--reason", metavar="TEXT", help=texts("help.import.reason"))
    state = typer.Option(None, "--state", metavar="STATE", help=texts("help.list.state"))
    flow = typer.Option(None, "--flow", metavar="FLOW", help=texts("help.list.flow"))
    limit = typer.Option(50, "--limit", metavar="N", min=1, max=500, help=texts("help.list.limit"))
    cursor = typer.Option(None, "--cursor", metavar="CURSOR", help=texts("help.list.cursor"))
    document = typer.Option(None, "--document", metavar="REF", help=texts("help.history.document"))
    out = typer.Option(None, "--out", metavar="FILE", help=texts("help.history.out"))

    @app.callback()
    def caseward() -> None:
        pass

    @app.command("demo", cls=Command, help=texts("help.demo"))
    def demo(json: bool = json) -> int:
        from console import playing

        return playing.run(texts, json=json)

    @case.command("import", cls=Command, help=texts("help.import"))
    def import_(file: Path = file, reason: str | None = reason, json: bool = json) -> int:
        from console import importing

        return importing.run(texts, file, reason=reason, json=json)

    @account.command("import", cls=Command, help=texts("help.account.import"))
    def import_accounts(file: Path = logins, json: bool = json) -> int:
        from console import importing

        return importing.run_accounts(texts, file, json=json)

    @case.command("list", cls=Command, help=texts("help.list"))
    def list_(
        state: str | None = state,
        flow: str | None = flow,
        limit: int = limit,
        cursor: str | None = cursor,
        json: bool = json,
    ) -> int:
        from console import cases

        return cases.list_cases(texts, state=state, flow=flow, limit=limit, cursor=cursor, json=json)

    @case.command("show", cls=Command, help=texts("help.show"))
    def show(number: str = number, json: bool = json) -> int:
        from console import cases

        return cases.show(texts, number, json=json)

    @case.command("why", cls=Command, help=texts("help.why"))
    def why(number: str = number, json: bool = json) -> int:
        from console import cases

        return cases.why(texts, number, json=json)

    @case.command("history", cls=Command, help=texts("help.history"))
    def history(
        number: str = number, document: str | None = document, out: Path | None = out, json: bool = json
    ) -> int:
        from console import history as record

        if document is None and out is None:
            return record.show(texts, number, json=json)
        return record.write_document(texts, number, document, out, json=json)

    return app


def _invoke(args: Sequence[str], texts: "Texts", debug: bool) -> int:
    from typer import Abort
    from typer.exceptions import TyperException
    from typer.main import get_command

    from console.complaints import ERROR, INTERRUPTED, Complaint, complaint_of
    from console.output import ReaderGone

    try:
        code = get_command(build(texts)).main(list(args), prog_name="caseward", standalone_mode=False)
        if code != INTERRUPTED:
            return code if isinstance(code, int) else 0
    except TyperException as error:
        return _misused(error, args, texts)
    except (KeyboardInterrupt, Abort):
        pass
    except ReaderGone:
        raise
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is, a person reads two lines
        if debug:
            import traceback

            traceback.print_exc()
        return _complain(complaint_of(error, texts), args, texts)
    _complain(Complaint("interrupted", texts("error.interrupted"), texts("cure.interrupted"), ERROR), args, texts)
    return INTERRUPTED


def _misused(error: Exception, args: Sequence[str], texts: "Texts") -> int:
    """A command line that does not fit; a bare group shows its help."""
    from difflib import get_close_matches

    from console.complaints import usage_complaint
    from console.output import complain

    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        complain(str(getattr(error, "message", error)))
        return 2
    command = ctx.command_path if ctx is not None else "caseward"
    known = list(getattr(ctx.command, "commands", ())) if ctx is not None else []
    typed = next((arg for arg in args if arg not in command.split() and not arg.startswith("-")), "")
    near = [f"{command} {name}" for name in get_close_matches(typed, known, 1)]
    near = near or [str(name) for name in getattr(error, "possibilities", None) or ()][:1]
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return _complain(usage_complaint(message, command, texts, near[0] if near else None), args, texts)


def _complain(complaint: "Complaint", args: Sequence[str], texts: "Texts") -> int:
    """Two lines to standard error, or one object where the reader is a program."""
    from console.output import as_json, complain
    from console.problems import visible

    with contextlib.suppress(BrokenPipeError):
        if "--json" in args:
            complain(as_json({"error": complaint.json()}))
        else:
            complain(texts("line.error", cause=visible(complaint.cause)))
            complain(*(f"  {line}" for line in complaint.lines))
            complain(texts("line.cure", cure=visible(complaint.cure)))
    return complaint.exit


def _common(args: Sequence[str]) -> tuple[list[str], str | None, bool]:
    """The options that may stand anywhere, taken out: --lang and --debug."""
    left, said, debug, words = [], None, False, iter(args)
    for word in words:
        if word == "--":
            left += [word, *words]
        elif word == "--lang":
            said = next(words, "")
        elif word.startswith("--lang="):
            said = word.removeprefix("--lang=")
        elif word == "--debug":
            debug = True
        else:
            left.append(word)
    return left, said, debug


def _wrong_language(said: str | None, environ: Mapping[str, str], texts: "Texts") -> "Complaint | None":
    from console.complaints import USAGE, Complaint
    from console.texts import language_of

    name, value = ("--lang", said) if said is not None else ("CASEWARD_LANG", environ.get("CASEWARD_LANG") or "en")
    if language_of(value):
        return None
    return Complaint("usage", texts("error.language", name=name, value=value), texts("cure.language", name=name), USAGE)
