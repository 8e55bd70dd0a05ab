"""The tutorial is written as the house is; that it does what it shows is tried in tests/own_project."""

from __future__ import annotations

import re
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
