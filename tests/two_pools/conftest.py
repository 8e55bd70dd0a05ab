"""A folder without a record, English, a hundred columns; the system of two pools alone."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in [name for name in os.environ if name.startswith("CASEWARD_")]:
        monkeypatch.delenv(name)
    said = {"LANG": "en", "APP": "tests.two_pools.exports:system", "DATA_DIR": str(tmp_path / "data")}
    for name, value in said.items():
        monkeypatch.setenv(f"CASEWARD_{name}", value)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "data"
