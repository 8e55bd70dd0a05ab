"""What Caseward needs has bounds, is pinned where it is worked on, said why, and nothing else is imported."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from packaging.requirements import Requirement

from caseward.app.extras import EXTRAS
from tests.house.layers import imported
from tests.house.source import OURS, ROOT, modules

# one library in two distributions: whoever pins the first pins the second
BROUGHT_ALONG = {"pydantic-core", "markupsafe", "click", "psycopg-pool"}
PINNED = re.compile(r"^[A-Za-z0-9._-]+==[0-9][\w.]*$")
BOUNDED = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?>=[0-9][\w.]*(?:,<[0-9.]+)?$")
BARE = re.compile(r"[\[=<>]")


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


def pins() -> list[str]:
    """The lines of constraints.txt."""
    return [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]


def test_every_dependency_says_from_which_version_on_it_is_taken() -> None:
    lines = [line for group in declared().values() for line in group]
    assert [line for line in lines if not BOUNDED.match(line)] == []


def test_every_dependency_is_pinned_where_it_is_worked_on_and_once() -> None:
    assert [line for line in pins() if not PINNED.match(line)] == []
    names = [plain(line.split("==")[0]) for line in pins()]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    wanted = {plain(BARE.split(line)[0]) for group in declared().values() for line in group}
    assert sorted(wanted - set(names)) == []


def test_what_is_pinned_is_within_the_bounds() -> None:
    pinned = {plain(name): version for name, version in (line.split("==") for line in pins())}
    for line in (line for group in declared().values() for line in group):
        needed = Requirement(line)
        assert pinned[plain(needed.name)] in needed.specifier, line


def test_the_extras_that_a_complaint_names_are_those_that_bring_the_libraries() -> None:
    homes = packages_distributions()
    for extra, libraries in EXTRAS.items():
        brought = {plain(BARE.split(line)[0]) for line in declared()[extra]} | BROUGHT_ALONG
        assert [name for name in libraries if not {plain(home) for home in homes.get(name, [])} & brought] == []


def test_every_dependency_is_there_for_a_written_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    explained = {
        plain(name) for row in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in re.split(r"[, ]+", row)
    }
    names = {plain(BARE.split(line)[0]) for group in declared().values() for line in group}
    assert sorted(names - explained) == []


def test_the_product_imports_only_what_it_declares() -> None:
    homes = packages_distributions()
    pinned = {plain(BARE.split(line)[0]) for name in ("", *EXTRAS) for line in declared()[name]}
    found = []
    for module in modules(*OURS):
        for line, name in imported(module):
            top = name.split(".")[0]
            if top in OURS or top in sys.stdlib_module_names:
                continue
            if not {plain(home) for home in homes.get(top, [])} & (pinned | BROUGHT_ALONG):
                found.append(f"{module.path}:{line} imports {top}, which pyproject.toml does not declare")
    assert found == []
