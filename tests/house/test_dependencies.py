"""What Caseward needs is pinned, said why, and nothing else is imported."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from tests.house.layers import imported
from tests.house.source import OURS, ROOT, modules

# one library in two distributions: whoever pins the first pins the second
BROUGHT_ALONG = {"pydantic-core", "markupsafe", "click"}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==[0-9][\w.]*$")


def project() -> dict[str, Any]:
    """The project table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def declared() -> dict[str, list[str]]:
    """Requirements by extra; what every installation has stands under the empty name."""
    table = project()
    groups = {"": table["dependencies"], **table["optional-dependencies"]}
    return {name: [line for line in lines if not line.startswith("caseward[")] for name, lines in groups.items()}


def plain(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned_to_one_version() -> None:
    lines = [line for group in declared().values() for line in group]
    lines += [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not PINNED.match(line)] == []


def test_nothing_is_pinned_in_two_places() -> None:
    names = [plain(re.split(r"[\[=]", line)[0]) for group in declared().values() for line in group]
    kept = [
        plain(line.split("==")[0])
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if "==" in line
    ]
    assert sorted({name for name in names + kept if (names + kept).count(name) > 1}) == []


def test_every_dependency_is_there_for_a_written_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    explained = {
        plain(name) for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in re.split(r"[, ]+", row)
    }
    names = {plain(re.split(r"[\[=]", line)[0]) for group in declared().values() for line in group}
    assert sorted(names - explained) == []


def test_the_product_imports_only_what_it_declares() -> None:
    homes = packages_distributions()
    pinned = {plain(re.split(r"[\[=]", line)[0]) for name in ("", "postgres") for line in declared()[name]}
    found = []
    for module in modules(*OURS):
        for line, name in imported(module):
            top = name.split(".")[0]
            if top in OURS or top in sys.stdlib_module_names:
                continue
            if not {plain(home) for home in homes.get(top, [])} & (pinned | BROUGHT_ALONG):
                found.append(f"{module.path}:{line} imports {top}, which pyproject.toml does not declare")
    assert found == []
