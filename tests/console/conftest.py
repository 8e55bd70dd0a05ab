"""The staged record, a copy for each test that writes, and a caseward command as a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.console.stage import set_back, staged

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"CASEWARD_LANG": "en", "COLUMNS": "100"}

Caseward = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of tests/console/stage.py, to be read."""
    folder = tmp_path_factory.mktemp("stage") / "record"
    staged(folder)
    return folder


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without a record, English, a hundred columns, no colours."""
    for name in [name for name in os.environ if name.startswith("CASEWARD_")]:
        monkeypatch.delenv(name)
    for name, value in {**QUIET, "CASEWARD_DATA_DIR": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "data"


@pytest.fixture
def on_stage(stage: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    set_back(stage)
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(stage))
    return stage


@pytest.fixture
def copied(stage: Path, environment: Path) -> Path:
    """A copy of the staged record that may be broken."""
    shutil.copytree(stage, environment)
    set_back(environment)
    return environment


@pytest.fixture
def caseward() -> Caseward:
    """Runs the command as people do; environment variables by name."""

    def ran(*args: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", "from caseward.cli import main; main()", *args]
        found = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
        return subprocess.run(command, capture_output=True, text=True, env=found, check=False, timeout=60)

    return ran
