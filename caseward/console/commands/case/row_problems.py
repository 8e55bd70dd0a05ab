"""What is wrong with a file of rows, told before anything of it is taken in; what is doubtful, beside what is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from caseward.console.commands.case.switched_off import Off
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.text.output import complain
from caseward.console.text.problem import Problem
from caseward.console.wording.shapes import problem_shape
from caseward.console.wording.texts import Texts

SHOWN = 30
HIDDEN = "••••••"


def warn(warnings: Sequence[Problem], texts: Texts) -> None:
    """Print to standard error what was taken and should be looked at once more."""
    complain(*(texts("line.warning", what=one.text(texts.language)) for one in warnings[:SHOWN]))
    if len(warnings) > SHOWN:
        complain(texts("error.bad_input.more", n=len(warnings) - SHOWN))


def refuse(problems: Sequence[Problem], texts: Texts, off: Off | None = None) -> None:
    """Refuse the file: every problem for programs, the first ones for people.

    A password that strayed in is not shown. off: for which systems the file may be meant, which nobody named.
    """
    if not problems:
        return
    named = [replace(one, value=HIDDEN) if "pass" in one.field.lower() and one.value else one for one in problems]
    lines = [problem.text(texts.language) for problem in named[:SHOWN]]
    if len(named) > SHOWN:
        lines.append(texts("error.bad_input.more", n=len(named) - SHOWN))
    strayed = any(one.rule == "unknown_field" and one.field == "password" for one in named)
    cause, cure = texts("error.bad_input", n=len(named)), texts("cure.accounts" if strayed else "cure.bad_input")
    if off is not None:
        cause = texts("error.bad_input.off", n=len(named), system=off.system, on=off.on, flows=off.flows)
        cure = texts("cure.bad_input.off", system=off.system)
    raise Stopped(
        Complaint(
            "bad_input",
            cause,
            cure,
            USAGE,
            errors=[problem_shape(problem) for problem in named],
            lines=lines,
        )
    )
