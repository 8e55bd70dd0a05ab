"""The command line: its commands and options, and how every way to fail ends in two lines and an exit code."""

# every `caseward --help` pays for what is imported here: commands import the engine when they run
import contextlib
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import typer

    from caseward.console.terminal.complaints import Complaint
    from caseward.console.wording.texts import Texts


def main() -> None:
    """What the console script `caseward` calls."""
    # what a command's imports make stays until it ends: looking through it for rubbish is a tenth of its time
    gc.set_threshold(50_000)
    _stand_in()
    try:
        code = run(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def run(args: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one command and return its exit code. Errors are printed, never raised."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    from caseward.console.terminal.hiding import hidden_by
    from caseward.console.text.output import ReaderGone
    from caseward.console.wording.texts import Texts, language_in, language_of

    args, said, asks, debug = _common(args)
    texts = Texts(language_of(said or "") or language_in(environ))
    try:
        wrong = _wrong_language(said, environ, texts) or hidden_by(sys.path, texts)
        code = _complain(wrong, args, texts) if wrong else _invoke(args, texts, asks, debug)
        sys.stdout.flush()
        return code
    except (BrokenPipeError, ReaderGone):
        _give_up(sys.stdout)  # the reader has enough
        return 0
    except OSError as error:
        from caseward.console.terminal.complaints import complaint_of

        _give_up(sys.stdout)
        return _complain(complaint_of(error, texts), args, texts)


def _give_up(stream: TextIO) -> None:
    """Drop what is left of the output: Python would complain once more when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def build(texts: "Texts", asks: bool = True) -> "typer.Typer":
    """The commands, with their help in this language. asks: what is left out may be asked for at a terminal."""
    import typer

    from caseward.console.options import accounts, calendars, cases, orders, parties, schedules, settings, system
    from caseward.console.terminal.help import Group
    from caseward.demonstration import options, sandbox_options

    app = typer.Typer(
        name="caseward", cls=Group, help=texts("help.caseward"), epilog=texts("help.exit_codes"),
        add_completion=False, no_args_is_help=True, context_settings={"obj": texts},
    )  # fmt: skip

    def group(name: str) -> typer.Typer:
        made = typer.Typer(name=name, cls=Group, help=texts(f"help.{name}"), no_args_is_help=True)
        app.add_typer(made)
        return made

    @app.callback()
    def caseward() -> None:
        pass

    options.add(app, texts)
    case = group("case")
    cases.add(case, texts, asks)
    orders.add(case, texts)
    cases.add_todo(app, texts)
    schedules.add(group("schedule"), texts)
    schedules.add_processes(app, texts)
    calendars.add(group("calendar"), texts)
    parties.add(group("party"), texts, asks)
    accounts.add(group("account"), texts, asks)
    system.add_incidents(group("incident"), texts)
    system.add_flows(group("flow"), texts)
    system.add_systems(app, group("system"), texts)
    system.add_record(app, group("audit"), texts)
    system.add_machine(app, group("browser"), texts)
    settings.add(group("settings"), texts, asks)
    sandbox_options.add(group("sandbox"), texts)
    return app


def _stand_in() -> None:
    """A stream that the shell closed, as in `<&-`, becomes an empty one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for as long as the process


def _invoke(args: Sequence[str], texts: "Texts", asks: bool, debug: bool) -> int:
    from typer import Abort
    from typer.exceptions import TyperException
    from typer.main import get_command

    from caseward.console.terminal.complaints import ERROR, INTERRUPTED, Complaint, complaint_of
    from caseward.console.text.output import ReaderGone

    if unseen := _unseen(args, texts):
        return _complain(unseen, args, texts)
    try:
        code = get_command(build(texts, asks)).main(list(args), prog_name="caseward", standalone_mode=False)
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


def _unseen(args: Sequence[str], texts: "Texts") -> "Complaint | None":
    """Refuse a word with a character that shows nothing: it would be stored, and nobody would see it.

    Files may have one.
    """
    from caseward.console.terminal.complaints import USAGE, Complaint
    from caseward.console.text.hidden import hidden

    for arg in args:
        found = hidden(arg.translate(dict.fromkeys(map(ord, "\t\r"), " ")))
        if found and not os.path.lexists(arg):
            cause = texts("error.unseen", what=texts("what.typed"), place=found[0], code=found[1])
            return Complaint("usage", cause, texts("cure.unseen"), USAGE)
    return None


def _misused(error: Exception, args: Sequence[str], texts: "Texts") -> int:
    """A command line that does not fit; a bare group shows its help."""
    from difflib import get_close_matches

    from caseward.console.terminal.complaints import usage_complaint
    from caseward.console.text.output import complain

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
    whole = _whole(ctx.command, ctx) if ctx is not None else command
    told = str(getattr(getattr(error, "param", None), "help", None) or "")
    complaint = usage_complaint(message, command, texts, near[0] if near else None, whole=whole, told=told)
    return _complain(complaint, args, texts)


def _whole(command: Any, ctx: Any) -> str:
    """The command with everything that it requires."""
    wanted = [param for param in command.params if param.required]
    words = [
        param.metavar if param.param_type_name == "argument" else f"{param.opts[0]} {param.metavar}" for param in wanted
    ]
    return " ".join([ctx.command_path, *words])


def _complain(complaint: "Complaint", args: Sequence[str], texts: "Texts") -> int:
    """Two lines to standard error, or one object where the reader is a program."""
    from caseward.console.text.output import as_json, complain
    from caseward.console.text.visible import masked_surely, visible

    with contextlib.suppress(OSError):  # nobody can be told: only the exit code is left
        if any(arg == "--json" or arg.partition("=")[0] == "--fields" for arg in args):
            complain(masked_surely(as_json({"error": complaint.json()})))
        else:
            complain(texts("line.error", cause=masked_surely(visible(complaint.cause))))
            complain(*(f"  {masked_surely(line)}" for line in complaint.lines))
            complain(texts("line.cure", cure=masked_surely(visible(complaint.cure))))
        sys.stderr.flush()
        return complaint.exit
    _give_up(sys.stderr)
    return complaint.exit


def _common(args: Sequence[str]) -> tuple[list[str], str | None, bool, bool]:
    """Take out the options that may stand anywhere: --lang, --no-input and --debug."""
    left, said, asks, debug, words = [], None, True, False, iter(args)
    for word in words:
        if word == "--":
            left += [word, *words]
        elif word == "--lang":
            said = next(words, "")
        elif word.startswith("--lang="):
            said = word.removeprefix("--lang=")
        elif word == "--no-input":
            asks = False
        elif word == "--debug":
            debug = True
        else:
            left.append(word)
    return left, said, asks, debug


def _wrong_language(said: str | None, environ: Mapping[str, str], texts: "Texts") -> "Complaint | None":
    from caseward.console.terminal.complaints import USAGE, Complaint
    from caseward.console.wording.texts import language_of

    name, value = ("--lang", said) if said is not None else ("CASEWARD_LANG", environ.get("CASEWARD_LANG") or "en")
    if language_of(value):
        return None
    return Complaint("usage", texts("error.language", name=name, value=value), texts("cure.language", name=name), USAGE)
