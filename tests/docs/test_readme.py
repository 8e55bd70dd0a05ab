"""The README does what it shows: its flow runs as printed, its commands are there, its output is the real one."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from adapters.browser.chromium_search import Found
from tests.docs.office import caseward, until_a_code_is_awaited, why
from tests.docs.pages import Block, page
from tests.house.source import ROOT
from workflow.errors import Unknown
from workflow.flow.compiled import Plan
from workflow.testing import bench

READMES = {"en": page("README.md"), "zh-CN": page("README.zh-CN.md")}


def block(language: str) -> Block:
    """The one block of this language in the English README."""
    (found,) = (block for block in READMES["en"].blocks if block.language == language)
    return found


@pytest.fixture
def permits(tmp_path: Path) -> ModuleType:
    """The flow of the README as a module."""
    path = tmp_path / "permits_of_the_readme.py"
    path.write_text(block("python").text, "utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class PaperOffice:
    """Keeps what was filed; the first reply is lost."""

    def __init__(self) -> None:
        self.filed: list[str] = []
        self.issued = False

    async def file(self, plate: str, key: str) -> None:
        self.filed.append(plate)
        raise Unknown("office", "file", "the line went dead")

    async def status(self, plate: str) -> str | None:
        return ("issued" if self.issued else "pending") if self.filed else None


async def test_the_flow_of_the_readme_runs_to_its_end_and_files_once(permits: ModuleType, tmp_path: Path) -> None:
    office = PaperOffice()
    async with bench(Plan(permits.flow), tmp_path, adapters={permits.Office: office}) as at_work:
        await at_work.open(permits.Permit(plate="B-1234"))
        await at_work.run("filed")
        await at_work.sweep()
        refused = (await at_work.why()).lines[0].guards[0]
        office.issued = True
        await at_work.run("issued")

    assert (refused.guard, refused.seen, refused.waits_for) == ("permit_issued", {"status": "pending"}, "office")
    assert office.filed == ["B-1234"]


def test_the_flow_of_the_readme_has_twenty_lines() -> None:
    lines = [line for line in block("python").text.splitlines() if line.strip()]
    assert len([line for line in lines if not line.startswith(("from ", "import "))]) == 20


def test_the_targets_of_the_readme_are_those_of_the_makefile() -> None:
    named = re.findall(r"(?:^|`)make ([a-z-]+)", READMES["en"].text, re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(named) == set(re.findall(r"^ +make ([a-z-]+)", shown, re.MULTILINE)) - {"help"}


def test_the_commands_of_the_readme_run_on_a_new_record_in_their_order(tmp_path: Path) -> None:
    (shown,) = (b.text for b in READMES["en"].blocks if b.language == "sh" and "case import" in b.text)
    for line in shown.splitlines():
        program, *args = line.partition("#")[0].split()
        assert program == "caseward"
        assert caseward(tmp_path / "record", *args)


@pytest.mark.browser
async def test_the_answer_of_the_readme_is_what_the_command_prints(chromium: Found, tmp_path: Path) -> None:
    """To write it anew: python -m tests.docs.office."""
    await until_a_code_is_awaited(tmp_path, chromium)
    for language, readme in READMES.items():
        (shown,) = (found.text for found in readme.blocks if found.language == "console")
        assert shown == f"$ caseward case why RZ-0001\n{why(tmp_path, language)}"


def test_python_is_as_new_as_the_readme_says() -> None:
    assert sys.version_info >= (3, 11)
    for readme in READMES.values():
        assert "Python 3.11" in readme.text
