"""The tutorial does what it shows: its files are put together from the page, its commands run in a clone's folder."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import page
from tests.house.source import ROOT

TUTORIAL = page("docs/tutorial.md")
FOLDER = "first-flow"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in something that is configured as a clone is, with the files of the page."""
    clone = tmp_path_factory.mktemp("clone")
    shutil.copy(ROOT / "pyproject.toml", clone)
    made = clone / FOLDER
    made.mkdir()
    for name, text in TUTORIAL.files().items():
        (made / name).write_text(text, "utf-8")
    return made


def shown(text: str) -> str:
    """What a terminal showed, blanks at the ends of lines and measured seconds apart."""
    return "\n".join(re.sub(r"\d+\.\d+s$", "…s", line.rstrip()) for line in text.strip().splitlines())


@pytest.mark.parametrize("block", [block.text for block in TUTORIAL.blocks if block.language == "console"])
def test_a_command_of_the_tutorial_prints_what_the_page_shows(block: str, folder: Path) -> None:
    command, _, expected = block.removeprefix("$ ").partition("\n")
    program, *args = shlex.split(command)
    assert program == "python"
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    ran = subprocess.run(
        [sys.executable, *args], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert shown(ran.stdout) == shown(expected), ran.stderr


@pytest.mark.parametrize("tool", ["format --diff .", "check ."])
def test_the_tutorial_is_written_as_the_house_is(tool: str, folder: Path) -> None:
    command = [sys.executable, "-m", "ruff", *tool.split()]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_folder_of_the_tutorial_is_the_one_that_the_page_makes() -> None:
    assert f"mkdir {FOLDER} && cd {FOLDER}" in TUTORIAL.text


def test_the_companion_tests_are_where_the_tutorial_says() -> None:
    named = re.findall(r"tests/\w+", TUTORIAL.text)
    assert named
    assert [name for name in named if not (ROOT / name).is_dir()] == []
