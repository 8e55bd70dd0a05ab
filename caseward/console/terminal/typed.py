"""Reads what people type: secrets from standard input alone, and what they left out."""

from __future__ import annotations

import getpass
import sys

from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.text.output import complain
from caseward.console.wording.texts import Texts

LONGEST = 4096


def secret(texts: Texts, what: str, asks: bool) -> str:
    """A password or a code: typed unseen at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return _said(texts, what, sys.stdin.readline(LONGEST))
    _may_ask(texts, what, asks)
    try:
        return _said(texts, what, getpass.getpass(texts("ask", what=what)))
    except EOFError:
        return _said(texts, what, "")


def answer(texts: Texts, what: str, asks: bool, option: str) -> str:
    """Ask for what was left out on the command line, where a person sits at a terminal."""
    if not asks or not sys.stdin.isatty():
        raise Stopped(
            Complaint("usage", texts("usage.missing", what=option), texts("cure.option", option=option), USAGE)
        )
    sys.stderr.write(texts("ask", what=what))
    sys.stderr.flush()
    return _said(texts, what, sys.stdin.readline(LONGEST))


def _may_ask(texts: Texts, what: str, asks: bool) -> None:
    if not asks:
        raise Stopped(Complaint("usage", texts("error.nothing_typed", what=what), texts("cure.standard_input"), USAGE))


def _said(texts: Texts, what: str, line: str) -> str:
    said = line.rstrip("\r\n")
    if not said.strip():
        cause = texts("error.nothing_typed", what=what)
        raise Stopped(Complaint("usage", cause, texts("cure.standard_input"), USAGE))
    if len(line) >= LONGEST:
        complain("")
        raise Stopped(Complaint("usage", texts("error.too_long", what=what), texts("cure.standard_input"), USAGE))
    return said
