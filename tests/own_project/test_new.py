"""`caseward new` writes a project that is green at once, outside the clone, and that an installation takes as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.own_project.conftest import Place, running
from tests.own_project.test_place import checked
from tests.worker.processes import until

NAME = "tills"
SAMPLES = "tills/samples/cases.json"
APP = {"CASEWARD_APP": "tills.system:system", "CASEWARD_LANG": "en"}


@pytest.fixture(scope="module")
def project(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written by the command itself."""
    folder = tmp_path_factory.mktemp("own")
    ran = place.runs("new", NAME, folder=folder, program="caseward", CASEWARD_LANG="en")
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"tills: \d+ files written", ran.stdout)
    return folder / NAME


def test_its_own_tests_pass(place: Place, project: Path) -> None:
    ran = place.runs("-m", "pytest", "-q", folder=project)
    assert ran.returncode == 0, ran.stdout
    assert "4 passed" in ran.stdout


def test_its_types_hold_as_strictly_as_they_can(place: Place, project: Path) -> None:
    ran = checked(project, place, NAME, "tests")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def caseward(place: Place, project: Path, *args: str, **said: str) -> str:
    ran = place.runs(*args, folder=project, program="caseward", **APP, **said)
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def test_an_installation_takes_it_as_it_is(place: Place, project: Path) -> None:
    found = {row["name"]: row for row in json.loads(caseward(place, project, "system", "check", "--json"))["data"]}
    assert found[NAME]["flows"] == [NAME]
    assert found[NAME]["lacks"] == ["CASEWARD_TILLS_OFFICE_URL"]
    assert found[NAME]["warnings"] == found[NAME]["wrong_samples"] == []
    caseward(place, project, "flow", "check")
    looked = place.runs(
        "doctor", folder=project, program="caseward", **APP, CASEWARD_TILLS_OFFICE_URL="http://127.0.0.1:9"
    )
    assert "nobody answers" in looked.stdout or "127.0.0.1:9" in looked.stdout, looked.stdout
    assert "playwright" not in looked.stdout
    caseward(place, project, "case", "import", SAMPLES)
    rows = json.loads(caseward(place, project, "case", "list", "--json"))["data"]
    assert {(row["title"], row["state"]) for row in rows} == {
        ("First request", "drafted"),
        ("Second request", "drafted"),
    }


async def test_its_case_goes_to_its_end_under_a_real_worker_and_beat(place: Place, project: Path) -> None:
    """The office is the project's own fake, on loopback."""
    at_work = {"CASEWARD_DATA_DIR": str(project / "at-work"), "PYTHONUNBUFFERED": "1"}
    with running(place, project, "-m", "tills.fake", "0", **APP, **at_work) as said:

        async def address() -> str:
            found = re.search(r"http://127\.0\.0\.1:\d+", said.read_text("utf-8"))
            return found[0] if found else ""

        at_work["CASEWARD_TILLS_OFFICE_URL"] = await until(address)
        caseward(place, project, "case", "import", SAMPLES, **at_work)
        with running(place, project, "up", program="caseward", **APP, **at_work) as words:

            async def ended() -> bool:
                rows = json.loads(caseward(place, project, "case", "list", "--json", **at_work))["data"]
                for row in rows:
                    if row["state"] != "granted":  # a person may hurry it
                        caseward(place, project, "case", "retry", row["number"], "--reason", "look now", **at_work)
                return {row["state"] for row in rows} == {"granted"}

            await until(ended, 240)
            assert "Traceback" not in words.read_text("utf-8")


def test_its_samples_are_played_to_their_end(place: Place, project: Path) -> None:
    """Without any extra: its outside is a fake of the standard library's."""
    said = caseward(place, project, "demo", "--json", CASEWARD_DATA_DIR=str(project / "played"))
    played = json.loads(said[said.index("{") :])
    assert played["systems"] == {NAME: {"cases": {"granted": 2}, "incidents": []}}
    assert (played["browser"], played["ledger"], played["history"]["verified"]) == (None, None, True)
    told = caseward(place, project, "demo", "--system", NAME, CASEWARD_DATA_DIR=str(project / "played"))
    assert "Samples: Tills." in told
    assert "cases: granted 2; transitions: 4" in told
    strange = place.runs("demo", "--system", "tolls", folder=project, program="caseward", **APP)
    assert strange.returncode == 2
    assert "tills" in strange.stdout


async def test_the_first_run_opens_its_samples_and_the_next_goes_on(place: Place, project: Path) -> None:
    at_home = {"CASEWARD_DATA_DIR": str(project / "first"), "PYTHONUNBUFFERED": "1"}
    for begins in ("✓ cases     2 samples", "✓ cases     2, as they were left"):
        with running(place, project, "up", program="caseward", **APP, **at_home) as words:

            async def over() -> bool:
                return "Every case has ended" in words.read_text("utf-8")

            await until(over, 240)
            assert begins in words.read_text("utf-8")


def test_a_name_that_would_hide_something_is_refused(place: Place, tmp_path: Path) -> None:
    for name, said in (
        ("workflow", "is there already"),
        ("Tills", "no name of a package"),
        ("json", "there already"),
        ("copyright", "there already"),
        ("tests", "there already"),
    ):
        ran = place.runs("new", name, folder=tmp_path, program="caseward", CASEWARD_LANG="en")
        assert (ran.returncode, said in ran.stdout) == (2, True), ran.stdout
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept").touch()
    ran = place.runs("new", "full", folder=tmp_path, program="caseward", CASEWARD_LANG="en")
    assert "is there and not empty" in ran.stdout
