"""What `--help` prints, in the reader's language and aligned where letters are two columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from typer.core import TyperCommand, TyperGroup

from caseward.console.text.output import Screen, screen
from caseward.console.wording.texts import Texts

WIDEST = 100
PLAIN = str.maketrans("", "", "{}")
"""typer sets what is required in braces; here what is not stands in brackets, and that is enough."""
COMMON = ("--lang zh-CN|en", "--no-input", "--help")


class Command(TyperCommand):
    """A command whose help is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n".join(help_lines(self, ctx)))


class Group(TyperGroup):
    """A group of commands whose help is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n".join(help_lines(self, ctx)))


def help_lines(command: Command | Group, ctx: Any) -> Iterator[str]:
    texts: Texts = ctx.obj
    wide = screen()
    narrow = Screen(min(wide.width, WIDEST), wide.colours)
    pieces = [piece.translate(PLAIN) for param in command.params for piece in param.get_usage_pieces(ctx)]
    options = any(param.param_type_name == "option" for param in command.params)
    usage = [ctx.command_path, *([ctx.obj("help.usage.options")] if options else []), *pieces]
    if isinstance(command, Group):
        usage.append(texts("help.usage.command"))
    yield from narrow.wrapped(" ".join(usage), cell_len(texts("help.usage")) + 1, texts("help.usage"))
    yield ""
    for paragraph in (command.help or "").split("\n"):
        yield from narrow.wrapped(paragraph)
    arguments = [(_piece(param, ctx), _told(param)) for param in command.params if _is(param, "argument")]
    yield from _section(narrow, texts("help.arguments"), arguments)
    if isinstance(command, Group):
        groups_first = sorted(command.commands.items(), key=lambda each: not isinstance(each[1], Group))
        shown = [(name, _first(each.help)) for name, each in groups_first if not each.hidden]
        yield from _section(narrow, texts("help.commands"), shown)
    own = [(_option(param), _wanted(param, texts)) for param in command.params if _is(param, "option")]
    common = [(name, texts(f"help.common.{name.split()[0].lstrip('-')}")) for name in COMMON]
    yield from _section(narrow, texts("help.options"), [*own, *common])
    if command.epilog:
        yield ""
        yield from (line for paragraph in command.epilog.split("\n") for line in narrow.wrapped(paragraph))
    yield ""


def _section(wide: Screen, title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield wide.paint(title, "bold")
    indent = 4 + max(cell_len(name) for name, _ in rows)
    for name, text in rows:
        yield from wide.wrapped(text, indent, f"  {name}")


def _told(param: Any) -> str:
    return str(param.help or "")


def _wanted(param: Any, texts: Texts) -> str:
    return f"{_told(param)}{texts('help.required')}" if param.required else _told(param)


def _is(param: Any, kind: str) -> bool:
    return bool(param.param_type_name == kind)


def _piece(param: Any, ctx: Any) -> str:
    return " ".join(piece.translate(PLAIN) for piece in param.get_usage_pieces(ctx))


def _option(param: Any) -> str:
    name = " | ".join([*sorted(param.opts, key=len), *param.secondary_opts])
    return name if param.is_flag else f"{name} {param.metavar}"


def _first(text: str | None) -> str:
    return (text or "").split("\n")[0]
