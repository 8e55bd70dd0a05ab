"""The files of this repository as the house tests read them."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflow", "states", "adapters", "caseward")
BESIDE = ("schedules", "worker")
OURS = (*PACKAGES, *BESIDE)
LEFT_OUT = {"caseward-data", "build", "dist", "__pycache__"}


@dataclass(frozen=True)
class Module:
    """A Python file with its text and its tree; `name` is the dotted name that an import uses."""

    path: str
    text: str

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def top(self) -> str:
        return self.name.split(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)


def files() -> list[Path]:
    """What git tracks or would track; where there is no git (an unpacked archive), all that is not hidden or made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not _left_out(path.relative_to(ROOT))]
    return sorted(path for path in paths if path.is_file())


def _left_out(path: Path) -> bool:
    return any(p in LEFT_OUT or p.endswith(".egg-info") or (p.startswith(".") and p != ".ci") for p in path.parts)


def modules(*tops: str) -> list[Module]:
    """The Python files under the named packages or of the named top-level modules; all of them if none is named."""
    return [module for module in _modules() if not tops or module.top in tops]


@cache
def _modules() -> tuple[Module, ...]:
    return tuple(Module(path, text) for path, text in texts().items() if path.endswith(".py"))


@cache
def texts() -> dict[str, str]:
    """Every file that is text, by its path; read once for all tests of a run."""
    found = {}
    for path in files():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found
