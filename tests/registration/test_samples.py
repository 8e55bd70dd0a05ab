"""The twelve samples: taken in without a word, and between them every branch that the flow has."""

import json
from typing import Any

import phonenumbers
from phonenumbers import geocoder

from caseward.console.intake.files import read_accounts
from caseward.sandbox.scenario import load
from states.copyright.registration import Registration
from states.copyright.words import Carrier, Development, OwnerKind
from tests.registration.particulars import SAMPLES, TODAY
from tests.systems import read

OCCASIONS = {
    "captcha_shown": "answer_captcha",
    "wrong_password": "correct_password",
    "agreement_asked": "upload_agreement",
    "code_notice": "fill_code",
    "specimen_request": "give_specimen",
    "seal_form": "return_seal_page",
}


def registrations() -> list[Registration]:
    return [taken.data for taken in read(SAMPLES / "registrations.json", TODAY).rows]


def world() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / "world.json").read_text(encoding="utf-8"))
    return loaded


def acts(does: str) -> list[dict[str, Any]]:
    return [act for act in world()["cast"]["acts"] if act["does"] == does]


def test_the_twelve_are_taken_in_without_a_problem() -> None:
    intake = read(SAMPLES / "registrations.json", TODAY)
    assert intake.problems == ()
    assert len(intake.rows) == 12
    assert read_accounts(SAMPLES / "accounts.json").problems == ()


def test_each_is_filed_under_an_account_that_the_office_holds() -> None:
    held = {taken.data.login for taken in read_accounts(SAMPLES / "accounts.json").rows}
    assert {data.account for data in registrations()} == held
    assert {account["login"] for account in world()["accounts"]} == held


def test_one_account_alone_has_another_password_at_the_bureau_and_is_put_right() -> None:
    ours = {
        one.data.login: one.data.password.get_secret_value() for one in read_accounts(SAMPLES / "accounts.json").rows
    }
    theirs = {account["login"]: account["password"] for account in world()["accounts"]}
    (wrong,) = [login for login in ours if ours[login] != theirs[login]]
    (act,) = acts("correct_password")
    assert (act["account"], act["password"]) == (wrong, theirs[wrong])
    assert sum(data.account == wrong for data in registrations()) == 1


def test_the_sandbox_takes_the_world_in() -> None:
    assert load(SAMPLES / "world.json").accounts


def test_everything_the_world_names_is_among_the_twelve() -> None:
    titles = {data.full_name for data in registrations()}
    told = world()
    assert set(told["plans"]) == titles
    assert set(told["generation"]["titles"]) < titles
    assert {order["title"] for order in told["orders"]} < titles
    assert {fault["object"] for fault in told["faults"]} < titles
    assert {act["title"] for act in told["cast"]["acts"] if "title" in act} <= titles


def test_eleven_end_granted_and_one_is_not_accepted() -> None:
    ends = [plan["review"][-1]["status"] for plan in world()["plans"].values()]
    assert sorted(ends) == ["不予受理"] + ["已发放"] * 11
    assert sum("待补正" in str(plan) for plan in world()["plans"].values()) == 1


def test_one_order_exists_unpaid_and_one_is_finished() -> None:
    assert sorted(order["status"] for order in world()["orders"]) == ["已完成", "未支付"]


def test_every_person_of_a_case_without_institution_gives_a_specimen() -> None:
    given = {(act["title"], act["owner"]) for act in acts("give_specimen")}
    asked = {
        (data.full_name, owner.id) for data in registrations() if not data.has_institution for owner in data.owners
    }
    assert given == asked
    assert max(act["hours"] for act in acts("give_specimen")) == 26


def test_every_case_with_an_institution_has_its_page_sealed() -> None:
    assert {act["title"] for act in acts("return_seal_page")} == {
        data.full_name for data in registrations() if data.has_institution
    }


def test_every_owner_with_a_phone_who_does_not_file_fills_in_a_code() -> None:
    filled = {(act["title"], act["owner"]) for act in acts("fill_code")}
    needed = {
        (data.full_name, owner.id)
        for data in registrations()
        for owner in data.owners
        if owner.phone and not data.needs_no_code(owner)
    }
    assert filled == needed


def test_the_one_cooperation_gets_its_agreement_late() -> None:
    (together,) = [data for data in registrations() if data.development is Development.cooperation]
    assert [act["title"] for act in acts("upload_agreement")] == [together.full_name]


def test_the_cast_knows_only_occasions_that_are_written_down() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for act in world()["cast"]["acts"]:
        assert act["does"] == OCCASIONS[act["after"]]
        assert f"`{act['after']}`" in readme
        assert act["hours"] >= 0


def test_between_them_are_persons_institutions_a_mix_and_one_on_telecom() -> None:
    kinds = [{owner.kind for owner in data.owners} for data in registrations()]
    assert {OwnerKind.person} in kinds
    assert {OwnerKind.person, OwnerKind.enterprise} in kinds
    assert {OwnerKind.association} in kinds
    carriers = [owner.carrier for data in registrations() for owner in data.owners]
    assert carriers.count(Carrier.telecom) == 1


def test_the_world_knows_the_carrier_that_each_owner_names() -> None:
    phones = world()["phones"]
    for data in registrations():
        for owner in data.owners:
            if owner.phone and owner.carrier:
                assert phones[owner.phone] == owner.carrier.zh


def test_no_number_can_belong_to_anybody() -> None:
    for data in registrations():
        for owner in data.owners:
            digits = owner.certificate_number
            assert digits[2:6] == "0000" if owner.is_person else digits[2:8] == "990000"
        for phone in [data.applicant.phone, *(owner.phone for owner in data.owners if owner.phone)]:
            place = geocoder.description_for_number(phonenumbers.parse(phone, "CN"), "zh")
            assert place == "中国", f"{phone} lies in {place}"
        assert data.applicant.email.endswith(".example")
