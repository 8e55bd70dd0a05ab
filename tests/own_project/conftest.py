"""A place as somebody else has it: the wheel of this tree, and the libraries that it brings without any extra."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.house.source import ROOT

collect_ignore = ["visas"]
"""It is a project of its own: its tests run in that place."""
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("CASEWARD", "PYTHON", "COV"))}
NEVER_HERE = ("playwright", "pypdf", "fpdf", "PIL", "phonenumbers", "stdnum", "starlette", "uvicorn", "jinja2")


@dataclass(frozen=True)
class Place:
    """A virtual environment."""

    python: Path

    def runs(self, *args: str, folder: Path, program: str | None = None, **said: str) -> CompletedProcess[str]:
        """What a command of the place prints there; standard error comes with it. said: variables of its own."""
        first = [str(self.python)] if program is None else [str(self.python.with_name(program))]
        return subprocess.run(
            [*first, *args], cwd=folder, env=CLEAN | {"COLUMNS": "80"} | said, text=True, check=False, timeout=300,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@contextmanager
def running(place: Place, project: Path, *command: str, program: str | None = None, **said: str) -> Iterator[Path]:
    """A process of the project's, ended at the end; the file of what it says. said: variables of its own."""
    words = project / f"{command[-1]}.log"
    first = str(place.python) if program is None else str(place.python.with_name(program))
    with words.open("wb") as out:
        process = subprocess.Popen(
            [first, *command], cwd=project, env=CLEAN | said, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield words
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the files that are committed or new, so that nothing of an earlier building comes in."""
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (file := ROOT / name).is_file() and not name.startswith(("tests/", "docs/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--wheel-dir", str(made), str(source)], check=True, capture_output=True)
    (found,) = made.glob("caseward-*.whl")
    return found


@pytest.fixture(scope="session")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The wheel is unpacked, and each library is linked from this environment: a real pip would take a minute."""
    home = tmp_path_factory.mktemp("place")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    (site,) = home.glob("lib/python3*/site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    caseward = Distribution.at(next(site.glob("caseward-*.dist-info")))
    tests = [distribution(name) for name in ("pytest", "pytest-asyncio")]
    for found in brought([caseward, *tests]):
        for top in {Path(file).parts[0] for file in found.files or () if ".." not in Path(file).parts}:
            if not (site / top).exists() and top != "__pycache__":
                (site / top).symlink_to(Path(str(found.locate_file(top))))
    script = home / "bin" / "caseward"
    script.write_text(f"#!{home}/bin/python\nfrom caseward.cli import main\n\nmain()\n", "utf-8")
    script.chmod(0o755)
    return Place(home / "bin" / "python")


def brought(asked: Sequence[Distribution]) -> Iterator[Distribution]:
    """What these distributions need, with what that needs in turn, extras where they are named."""
    left = [requirement for one in asked for requirement in wanted(one, frozenset())]
    left += [(one.metadata["Name"], frozenset()) for one in asked if one.metadata["Name"] != "caseward"]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        name, extras = left.pop()
        if (name, extras) not in seen:
            seen.add((name, extras))
            found = distribution(name)
            left += wanted(found, extras)
            yield found


def wanted(one: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The requirements of a distribution that hold here."""
    from packaging.requirements import Requirement

    for line in one.requires or ():
        needed = Requirement(re.sub(r"\s+#.*", "", line))
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield needed.name, frozenset(needed.extras)
