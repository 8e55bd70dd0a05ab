"""What a terminal showed: commands run on the staged record, as the transcripts in the folder beside keep them.

Written anew, to be looked through, by `python -m tests.console.transcripts`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from console.cli import run
from tests.console.stage import staged

FOLDER = Path(__file__).parent / "transcripts"
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--help",),
    ("case", "list", "--help"),
    ("case", "list"),
    *(("case", "why", f"RZ-{number:04d}") for number in range(1, 11)),
    ("case", "why", "ZH-0001"),
    ("case", "show", "RZ-0001"),
    ("case", "show", "RZ-0003"),
    ("case", "history", "RZ-0001"),
    ("case", "history", "RZ-0009"),
    ("case", "show", "RZ-0099"),
    ("case", "list", "--state", "lost"),
    ("case", "lst"),
    ("case", "why"),
)
SHOWN = [(language, width) for language in ("zh-CN", "en") for width in (80, 120)]


def spoken(args: Sequence[str]) -> tuple[int, str, str]:
    """A command's exit code, standard output and standard error, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(args, os.environ)
    return code, out.getvalue(), err.getvalue()


def transcript(language: str, width: int, data: Path) -> str:
    """Every command with what it printed and its exit code."""
    os.environ.update(CASEWARD_DATA_DIR=str(data), CASEWARD_LANG=language, COLUMNS=str(width))
    parts = []
    for command in COMMANDS:
        code, out, err = spoken(command)
        left = f"exit {code}\n" if code else ""
        parts.append(f"$ caseward {' '.join(command)}\n{out}{err}{left}")
    return re.sub(r"\b[0-9a-f]{32,64}\b", "REF", "\n".join(parts))


def path(language: str, width: int) -> Path:
    return FOLDER / f"{language}.{width}.txt"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        staged(Path(folder))
        FOLDER.mkdir(exist_ok=True)
        for language, width in SHOWN:
            path(language, width).write_text(transcript(language, width, Path(folder)), "utf-8")
