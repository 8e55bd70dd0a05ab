"""Systems that bring samples are played one beside the other, or one alone; what is wrong with samples is named."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from caseward.app.played import is_played, opener
from caseward.app.systems import read_systems
from caseward.demonstration.demo import put_on, shortcomings
from caseward.demonstration.up import write_settings
from tests.console.test_up import caseward, environment, up
from tests.demonstration.till import system as till
from tests.systems import REGISTRATION
from tests.worker.processes import until
from workflow.errors import DefinitionError, SettingsError
from workflow.settings import read_settings

TILL = "tests.demonstration.till:system"
WITHIN = 240


async def test_two_systems_are_opened_and_played_beside_each_other(tmp_path: Path) -> None:
    """There is no Chromium: the registrations wait, and the orders come to their end meanwhile."""
    environ = environment(tmp_path, CASEWARD_SYSTEMS="copyright", CASEWARD_APP=TILL)
    with up(environ) as running:
        lines = running.until("Ctrl-C stops it")
        assert "✓ cases     12 samples of: Software copyright registration" in lines
        assert "✓ cases     3 samples of: Till" in lines
        origins = [found[1] for line in lines if (found := re.match(r"✓ sandbox   (\S+) ", line))]
        assert len(origins) == 2
        # a command in another terminal finds both
        kept = (tmp_path / "data" / "settings.env").read_text("utf-8")
        assert f"CASEWARD_COPYRIGHT_PORTAL_URL='{origins[0]}/portal'" in kept
        assert f"CASEWARD_TILL_PLATFORM_URL='{origins[1]}'" in kept
        running.until("left for you: PA-0003 needs that customer does pay")
        assert running.until("case why PA-0003")

        async def settled() -> bool:
            rows = json.loads(caseward(environ, "case", "list", "--json").stdout)["data"]
            states = {row["number"]: row["state"] for row in rows if row["flow"] == "payments"}
            return states == {"PA-0001": "paid", "PA-0002": "cancelled", "PA-0003": "ordered"}

        await until(settled, WITHIN)
        code, _ = running.stop()
    assert code == 0


def test_one_system_is_played_alone_to_what_must_come_of_it(tmp_path: Path) -> None:
    """Nobody is left to watch: the third order is paid as well."""
    environ = environment(tmp_path, CASEWARD_SYSTEMS="copyright", CASEWARD_APP=TILL)
    ran = caseward(environ, "demo", "--system", "till", "--json")
    assert ran.returncode == 0, ran.stderr
    played = json.loads(ran.stdout)
    assert played["systems"] == {"till": {"cases": {"paid": 2, "cancelled": 1}, "incidents": []}}
    assert (played["transitions"], played["browser"], played["ledger"]) == (3, None, None)
    assert "Samples: Till." in ran.stderr
    rows = caseward({**environ, "CASEWARD_DATA_DIR": str(tmp_path / "data" / "demo")}, "case", "list", "--json")
    assert rows.stdout.count("RZ-") == 0


def test_what_is_not_played_is_off_meanwhile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its jobs would ask real offices, and its samples would be their cases."""
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyright")
    monkeypatch.setenv("CASEWARD_APP", TILL)

    def on(only: str | None) -> list[str]:
        put_on(only)
        return [one.name for one in read_systems(read_settings()).systems]

    assert on(None) == ["copyright", "till", "engine"]
    assert on("till") == ["till", "engine"]
    with pytest.raises(SettingsError, match="those are till"):
        on("copyright")


def test_another_terminal_knows_the_system_that_up_was_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`caseward up --app` says that `caseward case list` works there: nobody exports anything before."""
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyright")
    monkeypatch.setenv("CASEWARD_APP", TILL)
    write_settings(tmp_path)
    monkeypatch.delenv("CASEWARD_SYSTEMS")
    monkeypatch.delenv("CASEWARD_APP")
    assert [one.name for one in read_systems(read_settings()).systems] == ["copyright", "till", "engine"]
    put_on("till")
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "demo"))
    assert [one.name for one in read_systems(read_settings()).systems] == ["till", "engine"]
    monkeypatch.delenv("CASEWARD_SYSTEMS")
    monkeypatch.delenv("CASEWARD_APP")


def test_what_files_say_of_systems_is_known_to_other_terminals_and_played(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file for other terminals was written without them, and a play ended in "unset one of the two"."""
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    for name, value in (("SYSTEMS", "copyright"), ("APP", TILL)):
        (tmp_path / name).write_text(value)
        monkeypatch.setenv(f"CASEWARD_{name}_FILE", str(tmp_path / name))
        monkeypatch.setenv(f"CASEWARD_{name}", "")  # what the play sets is taken back after it
        monkeypatch.delenv(f"CASEWARD_{name}")
    (tmp_path / "data").mkdir()
    write_settings(tmp_path / "data")
    kept = (tmp_path / "data" / "settings.env").read_text("utf-8")
    assert f"CASEWARD_APP='{TILL}'" in kept
    assert "CASEWARD_SYSTEMS='copyright'" in kept
    (tmp_path / "data" / "settings.env").unlink()
    assert [one.name for one in put_on("till")] == ["till"]
    assert [one.name for one in read_systems(read_settings()).systems] == ["till", "engine"]


def test_an_end_that_must_not_be_is_told() -> None:
    one = {"cases": {"paid": 3, "cancelled": 0}, "incidents": []}
    result = {
        "systems": {"till": one, "copyright": {"cases": {"granted": 11, "rejected": 1}, "incidents": []}},
        "ledger": None,
        "incidents": {"opened": 0, "open": 0},
        "history": {"verified": True},
    }
    assert shortcomings(result, [till, REGISTRATION]) == [
        "cases of till ended otherwise than 2 paid, 1 cancelled: 3 paid, 0 cancelled",
        "copyright opened no incident wrong_password",
    ]


def test_a_sandbox_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert till.sandbox is not None
    for place in ("tests.demonstration.till:open", "tests.demonstration.tills:opened"):
        odd = replace(till, sandbox=replace(till.sandbox, opens=place))
        with pytest.raises(SettingsError, match=f"opened by {place}, and there is no such thing"):
            opener(odd)
    with pytest.raises(DefinitionError, match="which is no MODULE:NAME"):
        replace(till, sandbox=replace(till.sandbox, opens="fake.py"))


def test_samples_are_played_where_their_remotes_are_simulated_alone() -> None:
    assert is_played(till)
    assert not is_played(replace(till, sandbox=None))
    assert not is_played(replace(till, samples=None))
    assert is_played(replace(till, sandbox=None, remotes=())), "it asks nobody"
