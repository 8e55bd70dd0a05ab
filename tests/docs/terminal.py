"""What a terminal shows of the story at the moments that the how-to pages name; the pages' answers are made by it.

Written anew, to be looked through, by `python -m tests.docs.terminal`.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from caseward.cli import run
from caseward.console.terminal.logs import warnings_to_stderr
from tests.docs.pages import FENCE, Page, pages
from tests.docs.story import SCENES, play
from tests.house.source import ROOT
from workflow.record.database import open_database
from workflow.record.schedule_tables import clock
from workflow.settings import Settings

HOW_TO = ROOT / "docs" / "how-to"
SCENE = re.compile(r"^<!-- scene: (\w+) -->$", re.MULTILINE)
WIDTH = 100
DATABASE = "caseward.db"


def shown(language: str) -> list[Page]:
    """The how-to pages of a language."""
    return [
        page
        for page in pages()
        if page.path.is_relative_to(HOW_TO) and page.path.stem[0].isdigit() and language_of(page) == language
    ]


def language_of(page: Page) -> str:
    return "zh-CN" if page.path.name.endswith(".zh-CN.md") else "en"


def scene_of(page: Page) -> str:
    (scene,) = SCENE.findall(page.text)
    return str(scene)


def photographed(folder: Path) -> Path:
    """Plays the story; the folder below which each scene has its data."""
    asyncio.run(play(folder / "office", lambda scene: _photograph(folder / "office", folder / "scenes" / scene)))
    return folder / "scenes"


def commands(page: Page) -> list[str]:
    """What is typed in its console blocks, in the order of the page."""
    return [_typed(block.text) for block in page.blocks if block.language == "console"]


def answers(page: Page, scenes: Path) -> Iterator[tuple[str, str]]:
    """Each command of the page with what it prints now, one after the other on a copy of the page's scene."""
    scene = scene_of(page)
    with TemporaryDirectory() as folder:
        data = Path(shutil.copytree(scenes / scene, Path(folder) / "office"))
        for seconds, command in enumerate(commands(page)):
            asyncio.run(_set_clock(data, SCENES[scene] + timedelta(seconds=seconds)))
            yield command, printed(data, command, language_of(page))


def printed(data: Path, command: str, language: str) -> str:
    """Its standard output, and where it is refused what it says of that."""
    program, *args = shlex.split(command)
    assert program == "caseward", command
    said = {"DATA_DIR": str(data), "LANG": language}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CASEWARD_")}
    environ |= {f"CASEWARD_{name}": value for name, value in said.items()}
    out, err = io.StringIO(), io.StringIO()
    with _environment({**environ, "COLUMNS": str(WIDTH), "LOGNAME": "heqing"}):
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(args, os.environ)
    return out.getvalue() + (err.getvalue() if code else "")


def steady(text: str) -> str:
    """Without what differs from one play to the next: ids, digests, numbers from outside, seconds, and their widths."""
    text = re.sub(r"\b[0-9a-f]{8,64}\b", "REF", text)
    text = re.sub(r"\b([GDF])\d{7}\b", r"\1NUMBER", text)
    text = re.sub(r"(\d\d:\d\d):\d\d", r"\1", text)
    text = re.sub(r"\b\d+(?:\.\d+)? ?(?:s|ms|秒|毫秒)(?=\s|$)", "…s", text)
    return re.sub(r"\s+", " ", text).strip()


def rewritten(page: Page, scenes: Path) -> str:
    """The page with the answers of now."""
    fresh = answers(page, scenes)

    def block(found: re.Match[str]) -> str:
        if found.group(1) != "console":
            return found.group(0)
        command, text = next(fresh)
        return f"```console\n$ {command}\n{text}```"

    return FENCE.sub(block, page.text)


def _typed(block: str) -> str:
    first, _, rest = block.removeprefix("$ ").partition("\n")
    while first.endswith("\\"):
        more, _, rest = rest.partition("\n")
        first = f"{first}\n{more}"
    return first


def _photograph(office: Path, to: Path) -> None:
    """A copy of a record that is open elsewhere."""
    shutil.copytree(office, to, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
    with closing(sqlite3.connect(office / DATABASE)) as live, closing(sqlite3.connect(to / DATABASE)) as copy:
        live.backup(copy)


async def _set_clock(data: Path, moment: datetime) -> None:
    """To exactly this instant, back too: the copy is nobody's record."""
    database = open_database(Settings(data_dir=data).database)
    try:
        async with database.begin() as connection:
            now = datetime.now(moment.tzinfo)
            microseconds = round((moment - now).total_seconds() * 1_000_000)
            await connection.execute(update(clock).values(offset_us=microseconds))
    finally:
        await database.dispose()


@contextlib.contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(wanted)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    warnings_to_stderr()
    with TemporaryDirectory() as place:
        taken = photographed(Path(place))
        for language in ("en", "zh-CN"):
            for found in shown(language):
                found.path.write_text(rewritten(found, taken), "utf-8")
