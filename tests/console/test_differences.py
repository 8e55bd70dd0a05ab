"""Where a draft differs from its case, `case why` names each field, ours and theirs, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.bureau.form import echo
from adapters.bureau.portal import Difference
from adapters.bureau.uploads import NAMES
from caseward.console.terminal.view import labels
from caseward.console.wording.moments import Moments
from caseward.console.wording.reasons import details, headline
from caseward.console.wording.seen import Reader, brief
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import LANGUAGES, Language, Words
from states.copyright.form import MOST, as_seen
from tests.adapters.forms import form, person
from tests.systems import SYSTEMS
from workflow.flow.explain import Explanation

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DIFFERENCES = (
    Difference(field="short_name", ours="", theirs="简称"),
    Difference(field="owner_phone", ours="138…01", theirs="138…09", place=2),
    Difference(field="email", ours="l…@example.org", theirs="l…@example.org", covered=True),
)
SAID = {
    "en": (
        "The draft at the bureau is not as the case stands",
        "Short name: ours none, theirs 简称",
        "Owner's phone 2: ours 138…01, theirs 138…09",
        "E-mail: ours l…@example.org, theirs l…@example.org, which differ in what is left out here",
    ),
    "zh-CN": (
        "中心的草稿与题目内容不一致",
        "软件简称：我方 无，对方 简称",
        "著作权人手机号 2：我方 138…01，对方 138…09",
        "电子邮箱：我方 l…@example.org，对方 l…@example.org（不同之处已隐去）",
    ),
}


def reader(language: Language) -> Reader:
    texts = Texts(language)
    return Reader(texts, labels(texts, SYSTEMS).of("copyright"), Moments(NOW, ZoneInfo("Asia/Shanghai"), texts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_difference_is_told_on_a_line_of_its_own(language: Language) -> None:
    told = Explanation(
        case="RZ-0001", flow="copyright", state="awaiting_seal", standing="blocked", reason="incident_open",
        who="operator", since=NOW, detail={"kind": "draft_differs", "seen": as_seen(DIFFERENCES)},
    )  # fmt: skip
    head, *lines = SAID[language]
    assert head in headline(told, reader(language))
    assert [text for _, text in details(told, reader(language)) if text in lines] == lines


def test_many_differences_are_counted() -> None:
    many = as_seen([Difference(field=f"f{n}", ours="a", theirs="b") for n in range(MOST + 3)])
    assert list(many)[-1] == "more"
    assert many["more"] == 3
    assert "further differences 3" in brief({"more": 3}, reader("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_its_word(language: Language) -> None:
    fields = [name.replace("owners-1-", "owner_") for name in echo("RZ-0001", form("软件", person("林知远")))]
    words = Words(language, name="copyright", systems=SYSTEMS.systems)
    assert [name for name in [*fields, *(f"material_{kind}" for kind in NAMES)] if f"seen.{name}" not in words] == []
