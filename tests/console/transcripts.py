"""What a terminal showed: commands run on the staged record, as the transcripts in the folder beside keep them.

Written anew, to be looked through, by `python -m tests.console.transcripts`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
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
    ("case", "force", "--help"),
    ("account", "list"),
    ("incident", "list"),
    ("incident", "list", "--all", "--case", "RZ-0001"),
    ("incident", "show", "none"),
    ("account", "refresh", "nobody"),
    ("flow", "check"),
    ("audit", "verify"),
    ("case", "list", "--fields", "number,state", "--limit", "2"),
    ("case", "force", "RZ-0001", "granted", "--reason", "不办了"),
    ("case", "force", "RZ-0001", "lost", "--reason", "客户来电要求直接办结"),
    ("case", "force", "RZ-0004", "submitted", "--reason", "电话确认版权中心已收到"),
    ("case", "hold", "RZ-0001", "--reason", "等客户", "--version", "2"),
    ("case", "auto", "RZ-0001", "maybe"),
    ("case", "settle", "RZ-0004", "pay_order", "--happened", "--reason", "查过了"),
    ("case", "code", "RZ-0009", "--owner", "张三"),
    ("case", "upload", "RZ-0001", "letter", "x.pdf"),
    ("schedule", "list"),
    ("schedule", "list", "--deleted"),
    ("schedule", "show", "fill_center_ids"),
    ("schedule", "next", "fill_center_ids"),
    ("schedule", "log", "submitted"),
    ("schedule", "log", "fill_center_ids"),
    ("schedule", "show", "nobody"),
    ("schedule", "run", "unprocessed", "--dry"),
    ("schedule", "run", "adapter_health", "--dry"),
    ("schedule", "edit", "--help"),
    ("schedule", "edit", "submitted", "--cron", "0 0/10 * * *  ? x", "--reason", "降频"),
    ("schedule", "edit", "6", "--target", "sweep copyright.submited", "--reason", "改名"),
    ("schedule", "edit", "submitted", "--calendar", "moon", "--reason", "改日历"),
    ("worker", "-Q", "fax"),
)
ORDERS: tuple[tuple[str, ...], ...] = (
    ("case", "hold", "RZ-0001", "--reason", "客户要求先等专利"),
    ("case", "resume", "RZ-0001"),
    ("case", "note", "RZ-0001", "客户明天回电"),
    ("case", "auto", "RZ-0001", "off", "--reason", "材料由客户自行提交"),
    ("case", "retry", "RZ-0003", "--reason", "网页已恢复"),
    ("case", "settle", "RZ-0004", "confirm", "--not-happened", "--reason", "版权中心查无此件"),
    ("case", "force", "RZ-0001", "needs_correction", "--reason", "版权中心来函要求补正"),
    ("incident", "list"),
    ("schedule", "edit", "submitted", "--every", "1h", "--recheck", "12h", "--reason", "降频"),
    ("schedule", "run", "submitted", "--reason", "客户来电"),
    ("schedule", "run", "submitted"),
    ("schedule", "delete", "submitted", "--reason", "不再使用"),
    ("schedule", "pause", "audit", "--until", "2090-03-08T09:00+08:00", "--reason", "检修"),
    ("schedule", "resume", "audit", "--reason", "修好"),
    ("schedule", "restore", "retention", "--reason", "恢复清理"),
)
"""What changes the record, one after the other on a copy of it."""
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
    parts = [_shown(command) for command in COMMANDS]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CASEWARD_DATA_DIR"] = str(shutil.copytree(data, Path(folder) / "copy"))
        parts += [_shown(command) for command in ORDERS]
    text = re.sub(r"\b[0-9a-f]{32,64}\b", "REF", "\n".join(parts))
    return re.sub(r"\b[0-9a-f]{8}\b", "INCIDENT", text)


def _shown(command: Sequence[str]) -> str:
    code, out, err = spoken(command)
    left = f"exit {code}\n" if code else ""
    return f"$ caseward {' '.join(command)}\n{out}{err}{left}"


def path(language: str, width: int) -> Path:
    return FOLDER / f"{language}.{width}.txt"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        staged(Path(folder))
        FOLDER.mkdir(exist_ok=True)
        for language, width in SHOWN:
            path(language, width).write_text(transcript(language, width, Path(folder)), "utf-8")
