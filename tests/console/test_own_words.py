"""A system's words come from its own package, in every command, and those it lacks are a warning and no error."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from caseward.app.systems import read_systems
from caseward.console.terminal.view import labels
from caseward.console.wording.texts import Texts
from tests.console.transcripts import spoken
from workflow.settings import read_settings

MODULE = """
from pathlib import Path
from dataclasses import replace
from tests.worker.test_systems import TILL

system = replace(TILL, words=Path(__file__).parent / "words")
"""
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
ENGLISH = {
    "flow.payments": "Payments at the till",
    "payments.state.ordered": "Not paid yet",
    "payments.guard.order_paid": "The money is there",
    "payments.fact.standing": "What the till says",
    "remote.payment_platform": "the till",
    "group.till": "All of the till",
    "setting.platform_url": "Where the till is.",
}
CHINESE = {
    "flow.payments": "收银台付款",
    "payments.state.ordered": "还没付",
    "group.till": "收银任务",
    "setting.platform_url": "收银台地址。",
}


def catalogue(folder: Path, spoken: str, words: dict[str, str]) -> None:
    path = folder / "words" / spoken / "LC_MESSAGES" / "till.po"
    path.parent.mkdir(parents=True)
    said = "\n\n".join(f'msgid "{key}"\nmsgstr "{word}"' for key, word in words.items())
    path.write_text(HEAD + said + "\n", "utf-8")


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system of one's own with a catalogue, and a case of it."""
    (tmp_path / "till_with_words.py").write_text(MODULE, "utf-8")
    catalogue(tmp_path, "en", ENGLISH)
    catalogue(tmp_path, "zh_CN", CHINESE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "till_with_words", raising=False)
    monkeypatch.setenv("CASEWARD_APP", "till_with_words:system")
    return tmp_path


def test_a_strangers_package_brings_its_own_words(till: Path) -> None:
    case = till / "payment.json"
    case.write_text(json.dumps({"number": "P-7"}), "utf-8")
    code, out, err = spoken(["case", "create", str(case)])
    assert code == 0, err or out
    listed = spoken(["case", "list"])[1]
    assert "Not paid yet" in listed
    assert "Not paid yet" in spoken(["case", "why", "PA-0001"])[1]
    shape = json.loads(spoken(["case", "list", "--json"])[1])["data"][0]
    assert shape["state_label"] == {"en": "Not paid yet", "zh-CN": "还没付"}
    systems = read_systems(read_settings())
    assert labels(Texts("en"), systems)("group", "till") == "All of the till"
    assert labels(Texts("zh-CN"), systems)("group", "till") == "收银任务"
    assert labels(Texts("en"), systems).of("payments")("who", "payment_platform") == "the till"
    page = spoken(["flow", "page", "payments"])[1]
    assert "# 收银台付款 · Payments at the till" in page
    assert "The money is there" in page
    assert "The order is cancelled" in page, "what the catalogue lacks is said by the docstring"


def test_its_settings_and_remotes_are_called_by_its_own_words(till: Path) -> None:
    rows = json.loads(spoken(["settings", "list", "--json"])[1])["data"]
    (about,) = (row["about"] for row in rows if row["name"] == "CASEWARD_TILL_PLATFORM_URL")
    assert about == {"en": "Where the till is.", "zh-CN": "收银台地址。"}
    assert "! the till " in spoken(["doctor"])[1]


def test_words_that_are_missing_are_a_warning(till: Path) -> None:
    code, out, err = spoken(["flow", "check", "--json"])
    assert (code, err) == (0, "")
    lacking = json.loads(out)["data"][0]["lacking"]
    assert "payments.guard.order_paid (zh-CN)" in lacking
    assert "payments.guard.order_paid (en)" not in lacking
    assert "payments.state.paid (en)" in lacking


def test_an_english_screen_shows_a_name_where_the_table_speaks_chinese(till: Path) -> None:
    """It showed the Chinese label."""
    (till / "words" / "en" / "LC_MESSAGES" / "till.po").unlink()
    page = spoken(["flow", "page", "payments"])[1]
    systems = read_systems(read_settings())
    assert labels(Texts("en"), systems).of("payments")("state", "ordered") == "ordered"
    assert labels(Texts("zh-CN"), systems).of("payments")("state", "paid") == "已付款"
    assert "The order is cancelled" in page
    told = " ".join(spoken(["flow", "check"])[1].split())
    assert "as the table says it, in English by its name where that is Chinese: payments" in told


def test_a_language_without_a_catalogue_is_said_by_the_table(till: Path) -> None:
    (till / "words" / "zh_CN" / "LC_MESSAGES" / "till.po").unlink()
    assert "待付款" in spoken(["--lang", "zh-CN", "flow", "page", "payments"])[1]


def test_a_catalogue_that_cannot_be_read_is_named_with_its_line(till: Path) -> None:
    path = till / "words" / "en" / "LC_MESSAGES" / "till.po"
    path.write_text(HEAD + "flow.payments = Payments\n", "utf-8")
    code, _, err = spoken(["flow", "page", "payments"])
    assert code != 0
    assert "till.po" in err


def test_words_without_their_folder_stop_the_system(till: Path) -> None:
    (till / "words").rename(till / "other")
    code, _, err = spoken(["flow", "check"])
    assert code != 0
    assert "bring the folder along as data of its package" in " ".join(err.split())
