"""Two projects of `caseward new` live in one installation: each asks its own office, under one worker and beat."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.own_project.conftest import Place, running
from tests.worker.processes import until

NAMES = ("tiles", "tills")
"""Their cases have one prefix, too."""


@pytest.fixture(scope="module")
def projects(place: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder in which both lie, and what a process is told that has both installed."""
    folder = tmp_path_factory.mktemp("both")
    for name in NAMES:
        ran = place.runs("new", name, folder=folder, program="caseward", CASEWARD_LANG="en")
        assert ran.returncode == 0, ran.stdout
        known = folder / name / f"{name}-0.1.0.dist-info"
        known.mkdir()
        (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n", "utf-8")
        (known / "entry_points.txt").write_text(f"[caseward.systems]\n{name} = {name}.system:system\n", "utf-8")
    return (
        folder,
        {
            "PYTHONPATH": ":".join(str(folder / name) for name in NAMES),
            "CASEWARD_SYSTEMS": ",".join(NAMES),
            "CASEWARD_APP": "",
            "CASEWARD_LANG": "en",
            "CASEWARD_DATA_DIR": str(folder / "at-work"),
            "PYTHONUNBUFFERED": "1",
        },
    )


def caseward(place: Place, folder: Path, *args: str, **said: str) -> str:
    ran = place.runs(*args, folder=folder, program="caseward", **said)
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


async def test_both_go_to_their_ends(place: Place, projects: tuple[Path, dict[str, str]]) -> None:
    folder, said = projects
    with ExitStack() as stack:
        for name in NAMES:
            (folder / f"{name}-fake").mkdir()
            office = stack.enter_context(running(place, folder / f"{name}-fake", "-m", f"{name}.fake", "0", **said))

            async def address(words: Path = office) -> str:
                found = re.search(r"http://127\.0\.0\.1:\d+", words.read_text("utf-8"))
                return found[0] if found else ""

            said[f"CASEWARD_{name.upper()}_OFFICE_URL"] = await until(address)
        rows = {
            row["name"]: row for row in json.loads(caseward(place, folder, "system", "check", "--json", **said))["data"]
        }
        assert [rows[name]["remotes"] for name in NAMES] == [["tiles_office"], ["tills_office"]]
        for name in NAMES:
            caseward(place, folder, "case", "import", f"{name}/{name}/samples/cases.json", "--system", name, **said)
        words = stack.enter_context(running(place, folder, "up", program="caseward", **said))

        async def ended() -> bool:
            found = json.loads(caseward(place, folder, "case", "list", "--json", **said))["data"]
            for row in found:
                if row["state"] != "granted":  # a person may hurry it
                    caseward(place, folder, "case", "retry", row["number"], "--reason", "look now", **said)
            return len(found) == 4 and {row["state"] for row in found} == {"granted"}

        await until(ended, 240)
        assert "Traceback" not in words.read_text("utf-8")
