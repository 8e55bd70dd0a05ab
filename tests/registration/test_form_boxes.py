"""The registration, the adapter and the bureau's pages hold the same boxes; what they ask and lack is named."""

from typing import Any, get_args

import pytest

from adapters.bureau import boxes, filing_form
from caseward.sandbox.portal import fields as bureau
from states.copyright.form import filing_form as form_of
from states.copyright.gaps import form_complete, gaps
from states.copyright.older import of_today, raised
from states.copyright.registration import Registration
from states.copyright.rules import contradictions, warnings
from tests.flows.matters import alone, case
from tests.registration.particulars import COMPANY, PERSON, PLAIN, TODAY, applicant, owner, registration

CHOSEN = {
    "work_kind": filing_form.WorkKind,
    "permission": filing_form.Permission,
    "kind": filing_form.OwnerKind,
    "certificate_kind": filing_form.CertificateKind,
    "attribution": filing_form.Attribution,
    "feature_kinds": filing_form.FeatureKind,
    "deposit_way": filing_form.DepositWay,
}
AGENT: dict[str, object] = {
    "name": "重庆澜汐知识产权代理有限公司",
    "address": "重庆市渝北区星汀路 18 号",
    "postcode": "401120",
    "contact": "冯雨笙",
    "phone": "023-67891234",
    "email": "filing@lanxi-ip.example",
}
BEFORE = {
    **{name: value for name, value in PLAIN.items() if name in Registration.model_fields and name not in (
        "development_hardware", "running_hardware", "development_system", "development_tools", "running_system",
        "supporting_software", "source_pages", "purpose", "industry", "features",
    )},
    "hardware": "服务器：CPU 8 核、内存 32GB\n车载终端：内存 1GB",
    "software": "操作系统：Ubuntu Server 22.04；数据库：MySQL 8.0；开发工具：IntelliJ IDEA",
    "main_functions": "登记、查询",
}  # fmt: skip
"""A row, or a case's data, of before the form was told whole."""


def test_lengths_labels_and_choices_are_those_of_the_bureaus_pages() -> None:
    assert {box: (least, most) for box, least, most in boxes.LENGTHS} == bureau.LENGTHS
    assert boxes.MOST_OWNERS == bureau.MOST_OWNERS
    assert {name: label for name, label in boxes.LABELS.items() if name != "applicant_phone"} == bureau.LABELS
    for name, words in CHOSEN.items():
        assert get_args(words) == bureau.CHOICES[name]


def test_a_whole_registration_lacks_nothing_and_fills_every_box() -> None:
    data = registration(
        agent=AGENT,
        nature="translated",
        modification_note="译自英文版",
        modification_permission="granted",
        former_registration_number="2021SR0123456",
        publication="published",
        first_published_on="2026-06-01",
        first_published_country="新加坡",
        first_published_at="新加坡",
        owners=[
            owner(
                district="渝中区", address="清澜街 6 号", email="gu@shiguang.example", attribution="alias", alias="云岫"
            )
        ],
        deposit="exceptional",
        deposit_exception="covered",
        deposit_masked="通信密钥",
        deposit_pages="第20-25页",
        customer="澜汐",
        reference="LX-2026-7",
        price="880.00",
    )
    assert list(gaps(data)) == []
    assert form_complete(case("unprocessed", data))
    form = form_of(data)
    assert (form.software.work_kind, form.software.permission) == ("翻译", "原著作权人已授权")
    assert (form.software.publication_country, form.owners[0].alias) == ("新加坡", "云岫")
    assert form.applicant.agent is not None
    assert (form.applicant.deposit_masked, form.applicant.feature_kinds) == ("通信密钥", ("APP软件",))
    assert "LX-2026-7" not in form.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": None}, "purpose"),
        ({"features": None}, "features"),
        ({"source_pages": None}, "source_pages"),
        ({"main_functions": "登记、查询"}, "main_functions"),
        ({"nature": "compiled", "modification_note": "由三件合成"}, "modification_permission"),
        ({"deposit": "exceptional", "deposit_exception": "chosen_pages"}, "deposit_pages"),
        ({"owners": [owner(attribution="alias")]}, "owners[0].alias"),
    ],
)
def test_what_is_lacking_is_taken_with_a_word_and_the_case_waits_for_it(changes: dict[str, Any], field: str) -> None:
    data = registration(**changes)
    assert [one.field for one in warnings(data)] == [field]
    assert contradictions(data, TODAY) == ()
    assert [gap.field for gap in gaps(data)] == [field]
    assert not form_complete(case("unprocessed", data))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"main_functions": "功" * 1301}, "main_functions"),
        ({"technical_features": "特" * 101}, "technical_features"),
        ({"running_hardware": "硬" * 51}, "running_hardware"),
        ({"owners": [owner(name="名" * 121)]}, "owners[0].name"),
        ({"agent": {**AGENT, "address": "址" * 200, "contact": "人" * 51}}, "agent.contact"),
    ],
)
def test_what_no_box_takes_is_refused_at_the_door(changes: dict[str, Any], field: str) -> None:
    assert [(one.rule, one.field) for one in contradictions(registration(**changes), TODAY)] == [
        ("too_long_for_box", field)
    ]


FOREIGN: dict[str, Any] = {"province": None, "city": None}
TAKEN: dict[str, dict[str, object]] = {
    "a Hong Kong firm": owner(COMPANY, certificate_kind="foreign_registration", certificate_number="1234567",
                              nationality="中国香港", phone="+85291234567", **FOREIGN),
    "a firm of the United States": owner(COMPANY, certificate_kind="foreign_registration", nationality="美国",
                                         certificate_number="EIN12-345678", **FOREIGN),
    "a person of Hong Kong": owner(certificate_kind="hk_macao_permit", certificate_number="H01234567",
                                   nationality="中国香港", phone="+85291234567", carrier=None, **FOREIGN),
    "a person of Macao": owner(certificate_kind="hk_macao_permit", certificate_number="M01234567",
                               nationality="中国澳门", phone="+85366123456", carrier=None, **FOREIGN),
    "a person of Taiwan": owner(certificate_kind="taiwan_permit", certificate_number="12345678",
                                nationality="中国台湾", phone="+886912345678", carrier=None, **FOREIGN),
    "a residence permit": owner(certificate_kind="residence_permit", certificate_number="810000199003070015",
                                nationality="中国香港"),
    "a foreigner with a card": owner(certificate_kind="permanent_residence", certificate_number="USA110099010101",
                                     nationality="美国", phone="+14155550100", carrier=None, **FOREIGN),
    "a landline": owner(COMPANY, phone="023-67891234"),
    "China Broadnet": owner(phone="19200001234", carrier="broadcast"),
}  # fmt: skip


@pytest.mark.parametrize("one", TAKEN.values(), ids=TAKEN)
def test_owners_of_every_place_are_taken(one: dict[str, object]) -> None:
    if one.get("certificate_kind") == "residence_permit":
        digits = "81000019900307001"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        number = digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
        one = {**one, "certificate_number": number}
    data = registration(owners=[{**one, "id": "o1"}], applicant=applicant(owner="o1"))
    assert contradictions(data, TODAY) == ()
    assert not [field for field in form_of(data).owners[0].phone if not field.isdigit()]


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        (
            {"certificate_kind": "hk_macao_permit", "certificate_number": "A1"},
            "certificate_number",
            "certificate_number",
        ),
        ({"certificate_kind": "taiwan_permit", "certificate_number": "T1"}, "certificate_number", "certificate_number"),
        ({"certificate_kind": "foreign_registration"}, "certificate_fits_owner", "certificate_kind"),
        ({"province": None}, "place_at_home", "province"),
        ({"alias": "云岫"}, "alias_signs", "alias"),
    ],
)
def test_an_owner_whom_the_bureau_would_send_back_is_refused(changes: dict[str, Any], rule: str, field: str) -> None:
    found = contradictions(registration(owners=[owner(PERSON, **changes)]), TODAY)
    assert [(one.rule, one.field) for one in found] == [(rule, f"owners[0].{field}")]


def test_a_row_of_before_is_taken_and_asked_for_what_it_does_not_say() -> None:
    told = of_today(BEFORE)
    assert told["running_hardware"] == "服务器：CPU 8 核、内存 32GB；车载终端：内存 1GB"
    assert (told["running_system"], told["development_tools"]) == ("Ubuntu Server 22.04", "IntelliJ IDEA")
    assert told["supporting_software"] == "MySQL 8.0"
    assert of_today({"software": "Windows 11"}) == {"running_system": "Windows 11"}
    assert of_today({"hardware": 3}) == {"hardware": 3}
    assert of_today(PLAIN) == PLAIN


def test_the_data_of_a_case_of_before_are_raised() -> None:
    data = Registration.model_validate({**raised(1, BEFORE), "serial_number": "2026R11L0123456"})
    lacking = {"development_hardware", "development_system", "source_pages", "purpose", "industry", "features"}
    assert {gap.field for gap in gaps(data)} == {*lacking, "main_functions"}
    assert Registration.model_validate(raised(1, alone().model_dump(mode="json"))) == alone()
