"""Systems that bring samples are played one beside the other, or one alone; what is wrong with samples is named."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import open_record
from caseward.app.played import is_played
from caseward.app.systems import Installed, Systems, read_systems
from caseward.console.intake.samples import SamplesRead, read_samples, unfit_acts
from caseward.demonstration.demo import put_on, shortcomings
from caseward.demonstration.parts import opener
from caseward.demonstration.stage import _samples
from caseward.demonstration.up import write_settings
from tests.console.test_up import caseward, environment, up
from tests.console.transcripts import spoken
from tests.demonstration.till import system as till
from tests.systems import REGISTRATION
from tests.two_pools.exports import with_logins
from tests.worker.processes import until
from workflow.demonstration import Samples
from workflow.errors import DefinitionError, SettingsError
from workflow.intake.rows import Intake
from workflow.settings import Settings, read_settings
from workflow.system import System, SystemSettings

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


def own(monkeypatch: pytest.MonkeyPatch, folder: Path, **files: Any) -> None:
    """The till with other samples, and it is on alone."""
    samples = folder / "samples"
    samples.mkdir()
    for name, content in files.items():
        (samples / f"{name}.json").write_text(json.dumps(content), "utf-8")
    (folder / "odd_till.py").write_text(
        "from dataclasses import replace\nfrom pathlib import Path\n\n"
        "from tests.demonstration.till import system as till\nfrom workflow.demonstration import Samples\n\n"
        f"system = replace(till, samples=Samples(Path({str(samples)!r}), world='world.json'))\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setitem(sys.modules, "odd_till", None)  # it is forgotten at the end
    del sys.modules["odd_till"]
    monkeypatch.setenv("CASEWARD_APP", "odd_till:system")
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(folder / "data"))


ACT = {"after": "ordered", "hours": 1, "who": "customer", "does": "pay"}


@pytest.mark.parametrize(
    ("files", "en", "zh"),
    [
        ({"cases": [{"number": 7}], "world": {}}, "row 1", "第1行"),
        ({"world": {}}, "there is no file", "没有文件"),
        ({"cases": [], "world": []}, "holds no object", "不是一个对象"),
        (
            {"cases": [{"number": "P-1"}], "world": {"cast": {"acts": [ACT | {"does": "pays"}]}}},
            "cast.acts[0]: does is pays, and known are pay, cancel",
            "cast.acts[0]：does 为 pays，可用的有 pay, cancel",
        ),
        ({"cases": [{"number": "P-1"}], "world": {"cast": {"left": [{"number": "P-1"}]}}}, "lacks after", "缺少 after"),
        *(
            ({"cases": [{"number": "P-1"}], "world": world}, en, zh)
            for world, en, zh in (
                ({"cast": None}, "cast is null", "cast 为 null"),
                ({"cast": {"acts": 7}}, "cast.acts is 7", "cast.acts 为 7"),
                ({"cast": {"left": {"after": "ordered"}}}, "cast.left is {", "cast.left 为 {"),
                ({"cast": {"acts": ["pay"]}}, 'cast.acts[0] is "pay"', 'cast.acts[0] 为 "pay"'),
                ({"cast": {"left": [["ordered"]]}}, "cast.left[0] is [", "cast.left[0] 为 ["),
                ({"cast": {"acts": [ACT | {"does": ["pay"]}]}}, "cast.acts[0].does is [", "cast.acts[0].does 为 ["),
                ({"cast": {"acts": [ACT | {"who": 3}]}}, "cast.acts[0].who is 3", "cast.acts[0].who 为 3"),
                ({"cast": {"acts": [ACT | {"hours": "2"}]}}, 'hours is "2"', 'hours 为 "2"'),
                ({"cast": {"acts": [ACT | {"hours": -1}]}}, "hours is -1", "hours 为 -1"),
                ({"cast": {"acts": [ACT | {"hours": float("nan")}]}}, "hours is NaN", "hours 为 NaN"),
                ({"cast": {"acts": [ACT | {"hours": True}]}}, "hours is true", "hours 为 true"),
            )
        ),
    ],
)
def test_samples_that_are_not_taken_are_told_by_system_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, Any], en: str, zh: str
) -> None:
    own(monkeypatch, tmp_path, **files)
    code, out, _ = spoken(["system", "check", "--json", "--lang", "en"])
    (row,) = [one for one in json.loads(out)["data"] if one["name"] == "till"]
    assert (code, json.loads(out)["ok"]) == (1, False)
    assert any(en in one["en"] for one in row["wrong_samples"]), row["wrong_samples"]
    assert any(zh in one["zh-CN"] for one in row["wrong_samples"]), row["wrong_samples"]
    _, told, _ = spoken(["system", "check", "--lang", "en"])
    assert "✗ its samples: " in " ".join(told.split())


@pytest.mark.parametrize(
    ("content", "en", "zh"),
    [
        (b"", "cannot be read: holds nothing", "world.json：是空的"),
        (b'{"cast":\n {]', "cannot be read: no JSON at line 2, column 3", "第 2 行第 3 列不是有效的 JSON"),
        (b"[" * 100_000, "no JSON in UTF-8, or nested too deep", "不是 UTF-8 的 JSON"),
        (b'{"\xff": 1}', "no JSON in UTF-8, or nested too deep", "不是 UTF-8 的 JSON"),
        (b'{"start": ' + b"1" * 5000 + b"}", "no JSON in UTF-8, or nested too deep", "不是 UTF-8 的 JSON"),
    ],
    ids=["empty", "no JSON", "deep", "encoding", "number"],
)
def test_a_world_that_cannot_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, en: str, zh: str
) -> None:
    own(monkeypatch, tmp_path, cases=[{"number": "P-1"}])
    (tmp_path / "samples" / "world.json").write_bytes(content)
    for language, said in (("en", en), ("zh-CN", zh)):
        code, out, _ = spoken(["system", "check", "--json", "--lang", language])
        (row,) = [one for one in json.loads(out)["data"] if one["name"] == "till"]
        assert (code, [said in one[language] for one in row["wrong_samples"]]) == (1, [True]), row["wrong_samples"]


def sampled(folder: Path, row: dict[str, str], said: Any, system: System = with_logins) -> tuple[Systems, SamplesRead]:
    """The system of two pools with a case and a login at each remote, and what is read of them."""
    for name, content in (
        ("cases", [row]),
        ("customs", [{"login": "ada", "password": "secret-1"}]),
        ("bank", [{"login": "bob", "password": "secret-2"}]),
    ):
        (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")
    one = replace(system, samples=Samples(folder, accounts=said))
    systems = Systems((Installed(one, SystemSettings(), {}),))
    return systems, read_samples(systems, one, date(2090, 3, 6))


BY_REMOTE = {"customs": "customs.json", "bank": "bank.json"}


async def test_the_logins_of_samples_are_those_of_their_remotes(tmp_path: Path) -> None:
    """They were looked up as one text, and opened at the only remote that there is."""
    systems, found = sampled(tmp_path, {"broker": "ada", "teller": "bob"}, BY_REMOTE)
    assert found.wrong == ()
    assert {remote: [one.login for one in of] for remote, of in found.accounts.items()} == {
        "customs": ["ada"],
        "bank": ["bob"],
    }
    async with open_record(Settings(data_dir=tmp_path / "data"), systems) as record:
        await _samples(record, systems.systems[0], datetime(2090, 3, 6, tzinfo=UTC), "en", new=True)
        opened = {(one.adapter, one.login) for one in await record.store.accounts()}
        assert opened == {("customs", "ada"), ("bank", "bob")}
        claim = (await record.store.case("EX-0001")).claim
        assert len(claim.all_accounts) == 2


@pytest.mark.parametrize(
    ("row", "said", "why"),
    [
        ({"broker": "bob"}, BY_REMOTE, "row 1 names the login bob, which the samples lack"),
        ({}, "customs.json", "to be named by remote, a file for each of those whose accounts it keeps: customs, bank"),
        ({}, {"post": "customs.json"}, "to be named by remote"),
        ({}, BY_REMOTE | {"bank": "banks.json"}, "there is no file"),
    ],
)
def test_logins_that_the_samples_lack_at_a_remote_are_told(
    tmp_path: Path, row: dict[str, str], said: Any, why: str
) -> None:
    (wrong,) = sampled(tmp_path, row, said)[1].wrong
    assert why in str(wrong)


def test_an_intake_that_names_a_remote_without_accounts_is_told_as_wrong_samples(tmp_path: Path) -> None:
    odd = replace(with_logins, intake=Intake("exports", account=lambda data: {"post": "ada"}))
    (wrong,) = sampled(tmp_path, {}, BY_REMOTE, odd)[1].wrong
    assert "its intake names an account of post" in str(wrong)


def test_the_samples_of_this_house_are_taken() -> None:
    systems = read_systems(read_settings())
    for one in systems.systems:
        if one.samples is not None:
            found = read_samples(systems, one, date(2090, 3, 6))
            assert found.wrong == ()
            assert unfit_acts(found.world or {}, one.demonstration) == []


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
