"""`case why` and a missing setting: it says what living workers lack now, not what one lacked at the last look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from caseward.app.installation import Record
from caseward.console.wording.words import LANGUAGES
from tests.console.stage import NOW, at, check
from tests.console.test_reasons import NEW, Deed, done, told, why, written
from tests.console.transcripts import spoken
from workflow.record.values import Commit

pytestmark = pytest.mark.usefixtures("copied")
RECORDS, SMS = "CASEWARD_RECORDS_URL", "CASEWARD_SMS_URL"


def looked(*settings: str, why: str = "unset", **more: Any) -> Deed:
    found = check(at(34), NOW, 1, why=why, state="unprocessed", settings=list(settings), **more)
    return written(NEW, Commit("version", check=found, due_at=NOW + timedelta(hours=1)))


def worker(name: str, *lacks: str) -> Deed:
    async def deed(record: Record) -> None:
        said = {"runs": 0, **({"lacks": list(lacks)} if lacks else {})}
        real = await record.clock.real()
        await record.store.heartbeat(name, "worker", queues=["http", "browser"], doing=said, real=real)

    return deed


def test_it_names_what_living_workers_lack_and_who_they_are_in_both_languages() -> None:
    done(looked(RECORDS, SMS), worker("office/1", SMS), worker("office/2"))
    assert told() == ("unset", "operator", "caseward doctor")
    assert why()["detail"] == {"settings": [SMS], "workers": ["office/1"]}
    assert why()["headline"] == {"en": f"Waits until these are set: {SMS}", "zh-CN": f"等待设置 {SMS}"}
    for language in ("en", "zh"):
        _, out, _ = spoken(["--lang", language, "case", "why", NEW])
        assert "office/1" in out
        assert "office/2" not in out


def test_once_no_worker_lacks_it_the_old_words_are_gone_before_the_next_look() -> None:
    done(looked(SMS), worker("office/1"))
    assert told() == ("not_looked_at", "system", None)
    assert why()["further"] == []
    assert why()["headline"] == {
        "en": f"{SMS} is set by now, and nobody has looked since",
        "zh-CN": f"{SMS} 已设置，此后还没有检查过",
    }


def test_while_no_worker_lives_the_last_look_is_all_that_is_known() -> None:
    done(looked(SMS))
    assert told()[0] == "unset"


def test_a_wait_names_what_a_line_lacks_that_a_name_alone_takes() -> None:
    done(looked(SMS, why="guards", lines=[], facts={}), worker("office/1", SMS))
    assert told()[0] == "unset"
    done(worker("office/1"))
    assert told()[0] == "external_wait"


def test_a_doubt_says_beside_it_what_it_cannot_be_asked_for() -> None:
    """The headline is the doubt; what is missing stands below as "also", with who lacks it, and goes when it is set."""
    doubted = "RZ-0004"
    state, settings = why(doubted)["state"], ["CASEWARD_PORTAL_URL"]
    found = check(at(34), NOW, 1, why="unset", state=state, settings=settings)
    done(written(doubted, Commit("version", check=found)), worker("office/1", *settings))
    assert why(doubted)["reason"] == "outcome_unknown"
    (further,) = why(doubted)["further"]
    assert (further["reason"], further["detail"]["workers"]) == ("unset", ["office/1"])
    assert "office/1" in spoken(["--lang", "en", "case", "why", doubted])[1]
    done(worker("office/1"))
    assert why(doubted)["further"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_whose_system_is_off_is_told_with_the_setting_that_has_it_off(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("CASEWARD_SYSTEMS", " ")
    for command in (["case", "why", "RZ-0001"], ["doctor"]):
        _, out, _ = spoken(["--lang", language, *command])
        assert "CASEWARD_SYSTEMS" in out
