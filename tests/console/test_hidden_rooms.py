"""A folder or file of the user's that is called as one of ours stands before it on Python's path: it is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from caseward.console.terminal.hiding import OURS, hiding
from tests.console.conftest import ROOT

MAIN = "from caseward.cli import main; main()"


def ran(folder: Path, *args: str, safe: bool = False, **environ: str) -> "subprocess.CompletedProcess[str]":
    """The command in a folder. safe: as the console script does, without the folder on the path."""
    command = [sys.executable, *(["-P"] if safe else []), "-c", MAIN, *args]
    found = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=found, check=False, timeout=60)


@pytest.mark.parametrize("name", ["workflow", "states", "adapters"])
def test_a_package_that_hides_ours_is_named_with_its_cure(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    told = ran(tmp_path, "flow", "check")
    assert told.returncode == 1
    assert told.stderr == (
        f"error: {tmp_path / name} hides {name} of Caseward\n"
        "  cure: give it another name, or run the command where it is not on Python's path\n"
    )


@pytest.mark.parametrize("command", ["worker", "beat"])
@pytest.mark.parametrize("file", ["adapters/__init__.py", "worker.py", "schedules.py"])
def test_a_worker_names_what_celery_would_find_in_its_folder(tmp_path: Path, command: str, file: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).touch()
    told = ran(tmp_path, command, "--lang", "zh", safe=True)
    assert told.returncode == 1
    hides = (tmp_path / file).parent if file.endswith("__init__.py") else tmp_path / file
    assert f"{hides} 挡住了 Caseward 自己的 {hides.stem}" in told.stderr
    assert "换个名字" in told.stderr


def test_what_stands_behind_ours_or_is_no_package_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "adapters").mkdir()
    assert hiding([str(tmp_path), str(ROOT)]) is None
    (tmp_path / "worker.py").touch()
    assert hiding([str(ROOT), str(tmp_path)]) is None
    assert hiding([str(tmp_path), str(ROOT)]) == ("worker", tmp_path / "worker.py")
    (tmp_path / "caseward").mkdir()
    (tmp_path / "caseward" / "__init__.py").touch()
    assert hiding([str(tmp_path), str(ROOT)]) is None, "it is another copy of the whole"


def test_every_name_of_ours_is_looked_for() -> None:
    assert all((ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file() for name in OURS)
