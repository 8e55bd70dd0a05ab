"""A flow of somebody else's: its types hold, its tests run, and the commands are there, without any extra."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.docs.pages import page
from tests.house.source import ROOT
from tests.own_project.conftest import NEVER_HERE, Place, running
from tests.worker.processes import until

VISAS = Path(__file__).parent / "visas"
TUTORIAL, REFERENCE = page("docs/tutorial.md"), page("docs/reference.md")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder of the stranger's, outside this tree."""
    shutil.copytree(VISAS, tmp_path / "visas", ignore=shutil.ignore_patterns("__pycache__"))
    for folder, found in (("permits", TUTORIAL), ("reference", REFERENCE)):
        (tmp_path / folder).mkdir()
        for name, text in found.files().items():
            (tmp_path / folder / name).write_text(text, "utf-8")
    shutil.copy(VISAS / "pytest.ini", tmp_path / "reference")
    return tmp_path


def test_nothing_of_an_extra_is_there(place: Place, tmp_path: Path) -> None:
    asked = f"from importlib.util import find_spec; print([name for name in {NEVER_HERE} if find_spec(name)])"
    assert place.runs("-c", asked, folder=tmp_path).stdout == "[]\n"


def checked(folder: Path, place: Place, *names: str) -> subprocess.CompletedProcess[str]:
    """What mypy says of a folder, as strictly as it can and without a file of settings."""
    here = ["--python-executable", str(place.python), "--cache-dir", str(place.python.parents[1] / "mypy")]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", *here, *names]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["visas", "permits", "reference"])
def test_the_types_of_a_project_hold_as_strictly_as_they_can(name: str, place: Place, project: Path) -> None:
    ran = checked(project / name, place, ".")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_types_show_a_misspelt_name_and_a_guard_that_is_a_question(place: Place, project: Path) -> None:
    wrong = project / "visas" / "wrong.py"
    wrong.write_text("from visas import S, file\n\nfrom workflow import Tu, To\n\nTo(S.issued, when=file)\n", "utf-8")
    said = checked(wrong.parent, place, wrong.name).stdout
    assert 'Module "workflow" has no attribute "Tu"' in said
    assert 'Argument "when" to "To" has incompatible type' in said


@pytest.mark.parametrize(("name", "count"), [("visas", 5), ("reference", 9)])
def test_the_tests_of_a_project_pass_and_are_quiet(name: str, count: int, place: Place, project: Path) -> None:
    ran = place.runs("-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", folder=project / name)
    assert ran.stdout.splitlines()[-1].startswith(f"{count} passed"), ran.stdout
    assert "case.moved" not in ran.stdout


def shown(text: str) -> str:
    """What a terminal showed, blanks at the ends of lines and measured seconds apart."""
    return "\n".join(re.sub(r"\d+\.\d+s$", "…s", line.rstrip()) for line in text.strip().splitlines())


@pytest.mark.parametrize("block", [block.text for block in TUTORIAL.blocks if block.language == "console"])
def test_a_command_of_the_tutorial_prints_what_the_page_shows(block: str, place: Place, project: Path) -> None:
    command, _, expected = block.removeprefix("$ ").partition("\n")
    program, *args = shlex.split(command)
    assert program == "python"
    assert shown(place.runs(*args, folder=project / "permits").stdout) == shown(expected)


def typed(block: str) -> list[list[str]]:
    """The commands of a block, without its exports and remarks."""
    lines = (shlex.split(line, comments=True) for line in block.splitlines())
    return [words for words in lines if words[:1] == ["caseward"]]


async def test_worker_and_beat_of_the_tutorial_bring_its_cases_to_their_end(place: Place, project: Path) -> None:
    """Each command of the page, in its order: what runs on in a terminal of its own, and what answers."""
    folder, shown = project / "permits", [block.text for block in TUTORIAL.blocks if block.language == "sh"]
    (app,) = {found for text in shown for found in re.findall(r"export CASEWARD_APP=(\S+)", text)}
    said = {"CASEWARD_APP": app, "CASEWARD_LANG": "en", "PYTHONUNBUFFERED": "1"}
    commands = [words[1:] for text in shown for words in typed(text)]
    lasting = [words for words in commands if words in (["beat"], ["worker"])]
    asked = [words for words in commands if words not in lasting]
    begun = commands.index(lasting[0])

    def answered(words: list[str]) -> str:
        ran = place.runs(*words, folder=folder, program="caseward", **said)
        assert ran.returncode == 0, f"{words}: {ran.stdout}"
        return ran.stdout

    for words in asked[:begun]:
        answered(words)
    with ExitStack() as stack:
        for words in lasting:
            stack.enter_context(running(place, folder, *words, program="caseward", **said))

        async def issued() -> bool:
            rows = json.loads(answered(["case", "list", "--json"]))["data"]
            for row in rows:
                if row["state"] != "issued":  # a person may hurry it
                    answered(["case", "retry", row["number"], "--reason", "look now"])
            return {row["state"] for row in rows} == {"issued"}

        await until(issued, 240)
        answers = [answered(words) for words in asked[begun:]]
    assert "P-B-1234" in answers[-1], answers[-1]


OWN = {"CASEWARD_APP": "office:system", "CASEWARD_LANG": "en"}


def test_the_commands_work_on_a_flow_of_ones_own_without_extras(place: Place, project: Path) -> None:
    folder = project / "visas"
    for command, expected in {
        "--help": "Moves long cases with outside authorities forward",
        "migrate": "",
        "flow check": "visas",
        "case list": "",
        "schedule list": "no schedules yet",
    }.items():
        ran = place.runs(*command.split(), folder=folder, program="caseward", PYTHONPATH=str(folder), **OWN)
        assert ran.returncode in (0, 1 if command == "flow check" else 0), f"{command}: {ran.stdout}"
        assert expected in ran.stdout, f"{command}: {ran.stdout}"
        assert "No module named" not in ran.stdout


def test_a_worker_can_be_begun_without_extras(place: Place, project: Path) -> None:
    assert place.runs("-c", "import worker, caseward.app.embedded", folder=project, **OWN).stdout == ""


@pytest.mark.parametrize("command", [["worker"], ["sandbox", "start"], ["up"]])
def test_who_needs_an_extra_is_told_which(command: list[str], place: Place, project: Path) -> None:
    ran = place.runs(*command, folder=project, program="caseward", CASEWARD_LANG="en")
    assert re.search(r'pip install "caseward\[(browser|sandbox|papers)\]"', ran.stdout), ran.stdout
    assert "Traceback" not in ran.stdout


def test_each_top_package_says_that_it_is_typed() -> None:
    tops = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "docs")]
    assert sorted(top.name for top in tops if not (top / "py.typed").exists()) == []
