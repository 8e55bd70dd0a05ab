"""The samples of a system: what is read of its files, and what is told of those that are not taken."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import open_record
from caseward.app.systems import Installed, Systems, read_systems
from caseward.console.intake.samples import SamplesRead, read_samples, unfit_acts
from caseward.demonstration.stage import _samples
from tests.console.transcripts import spoken
from tests.two_pools.exports import with_logins
from workflow.demonstration import Samples
from workflow.intake.rows import Intake
from workflow.settings import Settings, read_settings
from workflow.system import System, SystemSettings


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
        ({}, BY_REMOTE | {"bank": None}, "to be named by remote"),
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


def test_an_intake_that_fails_at_a_login_is_told_as_wrong_samples(tmp_path: Path) -> None:
    odd = replace(with_logins, intake=Intake("exports", account=lambda data: {}[data]))
    (wrong,) = sampled(tmp_path, {}, BY_REMOTE, odd)[1].wrong
    assert "its Intake.account fails: " in str(wrong)


def test_the_samples_of_this_house_are_taken() -> None:
    systems = read_systems(read_settings())
    for one in systems.systems:
        if one.samples is not None:
            found = read_samples(systems, one, date(2090, 3, 6))
            assert found.wrong == ()
            assert unfit_acts(found.world or {}, one.demonstration) == []
