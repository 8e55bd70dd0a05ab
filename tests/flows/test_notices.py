"""What owners are told, and that each carrier delivers it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.copyright.notices import (
    certificate_notice,
    code_notice,
    filed_notice,
    rejection_notice,
    specimen_request,
)
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.words import Carrier
from tests.flows.matters import NOW, SPECIMEN, case, company, of_round, on_file, people
from workflow.flow.case import Case
from workflow.record.values import Message

SETTINGS = CopyrightSettings()
LANGUAGES: tuple[Literal["zh-CN", "en"], ...] = ("zh-CN", "en")
# what the carrier that swallows links takes for one
LINK = re.compile(r"https?://|www\.|[\w-]+(\.[\w-]+)+(:\d+)?/", re.IGNORECASE | re.ASCII)
Teller = Callable[[Case[Registration], CopyrightSettings], list[Message]]

TELLERS: dict[str, Teller] = {
    "code_notice": lambda case, settings: code_notice(case, on_file(), settings),
    "code_again": lambda case, settings: code_notice(case, on_file(o1=1, o2=1, o3=1), settings),
    "specimen_request": lambda case, settings: specimen_request(case, NOW, settings),
    "filed_notice": filed_notice,
    "certificate_notice": certificate_notice,
    "rejection_notice": rejection_notice,
}


def waiting(**changes: object) -> Case[Registration]:
    return case("awaiting_captcha", people(codes_wanted=of_round("o1", "o2", "o3"), **changes))


def texts(occasion: str, settings: CopyrightSettings = SETTINGS) -> dict[str, str]:
    return {told.recipient: told.text for told in TELLERS[occasion](waiting(), settings)}


@pytest.mark.parametrize("occasion", TELLERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_carrier_that_delivers_links_gets_one(occasion: str, language: Literal["zh-CN", "en"]) -> None:
    told = texts(occasion, replace(SETTINGS, language=language))
    assert LINK.search(told["o1"])
    assert LINK.search(told["o2"])


@pytest.mark.parametrize("occasion", TELLERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_carrier_that_swallows_links_gets_an_address_to_type(occasion: str, language: Literal["zh-CN", "en"]) -> None:
    told = texts(occasion, replace(SETTINGS, language=language))["o3"]
    assert not LINK.search(told)
    assert (SETTINGS.codes_address if occasion.startswith("code_") else SETTINGS.progress_address) in told


def test_a_carrier_that_nobody_named_is_trusted_with_no_link() -> None:
    ported = people().owners[0].model_copy(update={"carrier": None})
    [told] = filed_notice(case("submitted", people(owners=(ported,))), SETTINGS)
    assert not LINK.search(told.text)


@given(title=st.text(alphabet="软件ab./:wW1", min_size=1, max_size=30))
def test_no_title_smuggles_a_link_past_the_carrier(title: str) -> None:
    told = filed_notice(case("submitted", people(full_name=title)), SETTINGS)
    assert [one.recipient for one in told if one.recipient == "o3" and LINK.search(one.text)] == []


@pytest.mark.parametrize("occasion", TELLERS)
def test_the_languages_say_it_differently_and_name_owner_and_title(occasion: str) -> None:
    zh, en = (texts(occasion, replace(SETTINGS, language=language))["o1"] for language in LANGUAGES)
    assert re.search("[一-鿿]", re.sub("顾遥岑|拾光手账时间管理软件|软著登记", "", zh))
    assert not re.search("[一-鿿]", re.sub("顾遥岑|拾光手账时间管理软件|软著登记", "", en))
    assert all("顾遥岑" in text and "拾光手账时间管理软件" in text and "V1.0" in text for text in (zh, en))


def test_an_owner_without_a_phone_is_told_nothing() -> None:
    assert [told.recipient for told in filed_notice(case("submitted", company()), SETTINGS)] == ["o1"]


def test_each_owner_who_was_sent_a_code_is_told_where_to_fill_it_in() -> None:
    told = code_notice(waiting(), on_file("o1"), SETTINGS)
    assert [(one.occasion, one.recipient, one.address) for one in told] == [
        ("code_notice", "o2", "18644700002"),
        ("code_notice", "o3", "13300040010"),
    ]


def test_a_second_code_is_an_occasion_of_its_own() -> None:
    asked = frozenset({("code_notice", "o1"), ("code_notice", "o2"), ("code_notice", "o3")})
    again = case("awaiting_captcha", waiting().data, done=asked)
    assert [(one.occasion, one.recipient) for one in code_notice(again, on_file(o2=1), SETTINGS)] == [
        ("code_notice/2", "o2")
    ]


def test_who_gave_a_specimen_is_not_asked_for_one() -> None:
    told = specimen_request(case("awaiting_seal", people(specimens={"o2": SPECIMEN})), NOW, SETTINGS)
    assert [one.recipient for one in told] == ["o1", "o3"]


def refused(remark: str, **changes: Any) -> dict[str, Message]:
    told = rejection_notice(case("submitted", people(refusal=remark)), replace(SETTINGS, **changes))
    return {one.recipient: one for one in told}


@pytest.mark.parametrize(
    ("remark", "helps"),
    [
        ("签章页没有加盖公章。", "补齐签字盖章"),
        ("说明书中的软件名称与申请表不一致", "更正材料"),
        ("第二著作权人证件号码与证件不符", "更正著作权人信息"),
        ("软件名称含有“国家级”等夸大性用语，不符合命名规定。", "改名"),
    ],
)
def test_a_refusals_text_says_the_bureaus_reason_and_what_helps_for_that_reason(remark: str, helps: str) -> None:
    told = refused(remark)
    for one in told.values():
        assert remark.rstrip("。") in one.text
        assert helps in one.text
        assert ("改名" in one.text) == (helps == "改名")
    assert helps not in refused(remark, language="en")["o1"].text


def test_a_refusal_of_which_nothing_is_known_promises_nothing_and_names_nobodys_numbers() -> None:
    told = refused("经审查不予受理，证号51000019911125462X\n见 www.ccopyright.example/a")
    assert "重新申请" not in told["o1"].text
    assert "51000019911125462X" not in told["o1"].text
    assert "\n" not in told["o1"].text
    assert not LINK.search(told["o3"].text), "what the bureau says is no link either where links are swallowed"
    assert "意见" not in refused("")["o1"].text


def test_owners_are_told_of_a_refusal_only_after_staff_had_its_time() -> None:
    assert {one.after for one in refused("名称").values()} == {timedelta(hours=24)}
    assert {one.after for one in refused("名称", refusals_after=timedelta(0)).values()} == {timedelta(0)}
    assert {one.after for one in filed_notice(case("submitted", people()), SETTINGS)} == {timedelta(0)}


def test_every_carrier_is_one_of_the_two_kinds() -> None:
    assert set(Carrier) - SETTINGS.link_carriers == {Carrier.telecom, Carrier.broadcast}
