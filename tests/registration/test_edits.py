"""What of a registration may be changed, what it makes stale, and how people write it."""

import json
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from caseward.console.intake.edits import with_said
from caseward.console.intake.labels import Labels
from states.copyright.edits import edited
from states.copyright.gathered import GATHERED
from states.copyright.owners import codes_to_request
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import CodesExtra, Doubt, DoubtfulPaper
from tests.flows.matters import PAPER, SPECIMEN, alone, case, company, of_round, on_file, people
from tests.flows.test_attorney import AGENT
from workflow.intake.edits import Changed, Edited, changes
from workflow.intake.gives import NotTaken

NO_LABELS = Labels()


def fields(data: Registration) -> dict[str, Any]:
    return data.model_dump(mode="json", exclude=set(GATHERED), exclude_none=True)


def put(data: Registration, *said: str) -> Registration:
    typed = dict(word.split("=", 1) for word in said)
    found, problems = with_said(fields(data), typed, Registration, GATHERED, NO_LABELS)
    assert not problems, problems
    gathered: Mapping[str, Any] = {name: getattr(data, name) for name in GATHERED}
    return Registration.model_validate_json(json.dumps(found), strict=True).model_copy(update=dict(gathered))


def edit(data: Registration, *said: str, state: str = "awaiting_seal", **more: Any) -> Edited:
    after = put(data, *said)
    return edited(case(state, data, **more), after, changes(fields(data), fields(after)))


def test_an_entry_is_named_by_its_place_or_its_id_and_an_empty_value_takes_a_field_out() -> None:
    data = put(people(), "owners.o2.city=万州区", "owners[2].phone=", "languages=Go、C", "source_lines=12,000")
    assert (data.owners[1].city, data.owners[2].phone) == ("万州区", None)
    assert (data.languages, data.source_lines) == (("Go", "C"), 12000)


@pytest.mark.parametrize(
    "order",
    list(
        permutations(
            ("owners.o1=", "owners.o2.city=万州区", "owners.o3.phone=", "owners[3].name=新来", "owners.o2.alias=")
        )
    ),
)
def test_entries_are_those_of_before_whatever_is_taken_out_and_in_whatever_order(order: tuple[str, ...]) -> None:
    data = people()
    typed = dict(word.split("=", 1) for word in order)
    found, problems = with_said(fields(data), typed, Registration, GATHERED, NO_LABELS)
    assert not problems
    told = [(one.get("id"), one["name"], one.get("city"), one.get("phone")) for one in found["owners"]]
    second, third = data.owners[1:]
    assert told == [
        ("o2", second.name, "万州区", second.phone),
        ("o3", third.name, third.city, None),
        (None, "新来", None, None),
    ]


@pytest.mark.parametrize(
    "said", [("owners.o1=", "owners.o3="), ("owners.o3=", "owners.o1="), ("owners[2]=", "owners[0]=")]
)
def test_several_entries_are_taken_out(said: tuple[str, str]) -> None:
    typed = dict(word.split("=", 1) for word in said)
    found, problems = with_said(fields(people()), typed, Registration, GATHERED, NO_LABELS)
    assert ([one["id"] for one in found["owners"]], problems) == (["o2"], [])


@pytest.mark.parametrize("said", ["owners[7].city=x", "nothing=1", "owners.o9.city=x"])
def test_what_is_no_field_of_the_form_is_named(said: str) -> None:
    name, value = said.split("=")
    assert with_said(fields(people()), {name: value}, Registration, GATHERED, NO_LABELS)[1]


def test_before_anything_is_ordered_only_a_draft_can_be_stale() -> None:
    assert edit(alone(), "owners[0].city=万州区", state="unprocessed").stale == ("draft",)
    placed = frozenset({("place_order", "")})
    assert edit(alone(), "owners[0].city=万州区", state="unprocessed", done=placed).stale == ("draft", "materials")


def test_a_page_that_names_what_changed_is_dropped_and_no_other() -> None:
    had = {"seal_form": PAPER, "seal_page": PAPER}
    kept = edit(alone(**had), "main_functions=另一功能。")
    assert (kept.stale, "seal_page" in kept.patch) == (("draft", "materials"), False)
    dropped = edit(alone(**had), "owners[0].name=顾遥")
    assert (dropped.stale[-1], dropped.patch["seal_page"], dropped.patch["seal_form"]) == ("seal_page", None, None)


def test_what_was_gathered_of_an_owner_who_is_another_now_is_dropped() -> None:
    data = company(specimens={"o1": SPECIMEN, "o2": SPECIMEN}, center_ids={"o1": "ZX1", "o2": "ZX2"})
    patch = edit(data, "owners.o2.name=另一公司").patch
    assert (list(patch["specimens"]), patch["center_ids"]) == (["o1"], {"o1": "ZX1"})  # type: ignore[call-overload]


def test_papers_that_were_signed_for_other_particulars_wait_for_a_person() -> None:
    for_all = SPECIMEN.model_copy(update={"matters": "all"})
    data = people(agreement=PAPER, specimens={"o1": SPECIMEN, "o2": for_all, "o3": SPECIMEN})
    for said in ("full_name=另一软件", "version=V2.0", "owners.o3.name=司徒安"):
        became = edit(data, said)
        assert became.stale[-2:] == ("agreement", "permissions")
        doubtful: Any = became.patch["doubtful"]
        whose = {"permission.o1"} if "o3" in said else {"permission.o1", "permission.o3"}
        assert (doubtful.keys(), became.patch["agreement"]) == ({"agreement", *whose}, None)
        assert {one.code for paper in doubtful.values() for one in paper.doubts} == {"edited"}
    became = edit(data, "main_functions=另一功能。", "owners.o2.phone=13800400019")
    assert ({"agreement", "permissions"} & {*became.stale}, became.patch.keys() & {"doubtful", "agreement"}) == (
        set(),
        set(),
    )


def test_a_power_of_attorney_of_before_waits_for_a_person_while_an_agent_files() -> None:
    data = alone(agent=AGENT, power_of_attorney=PAPER)
    for said in ("agent.name=另一家代理公司", "full_name=另一软件"):
        became = edit(data, said)
        doubtful: Any = became.patch["doubtful"]
        assert (became.stale[-1], became.patch["power_of_attorney"]) == ("power_of_attorney", None)
        assert [one.code for one in doubtful["power_of_attorney"].doubts] == ["edited"]
    assert "power_of_attorney" not in edit(data, "agent=").patch
    assert "power_of_attorney" not in edit(data, "agent.contact=冯雨").patch


def test_a_doubtful_permission_of_an_owner_who_is_another_now_goes_with_him() -> None:
    doubt = DoubtfulPaper(document=PAPER, doubts=(Doubt(code="unread"),))
    data = people(specimens={"o3": SPECIMEN}, doubtful={"permission.o3": doubt, "agreement": doubt})
    became = edit(data, "owners.o3.name=司徒安")
    assert became.patch["doubtful"] == {"agreement": doubt}, "one that is not compared yet stays as it is"


def test_a_code_that_went_to_a_wrong_phone_is_asked_for_again_but_not_one_that_the_bureau_took() -> None:
    waiting = people(codes_wanted=of_round("o1", "o2"), codes_entered=of_round("o1"))
    asked = frozenset({("request_code", "o1/1"), ("request_code", "o2/1")})
    both = ("owners.o1.phone=13800400018", "owners.o2.phone=13800400019")
    extra = edit(waiting, *both, state="awaiting_captcha", done=asked).patch["codes_extra"]
    assert extra == CodesExtra(round=0, by_owner={"o2": 1}, renewed={"o2": 0})
    assert "codes_extra" not in edit(waiting, *both, state="awaiting_captcha").patch
    assert "codes_extra" not in edit(waiting, "owners.o2.city=万州区", state="awaiting_captcha", done=asked).patch
    stale = waiting.model_copy(update={"stale": ("draft",)})
    verdict = codes_to_request(case("awaiting_captcha", stale), on_file(), CopyrightSettings())
    assert not verdict, "the bureau has the old phone yet"


def test_a_new_title_keeps_the_draft_of_the_old_one_ours() -> None:
    data = alone()
    assert edit(data, "full_name=拾光手账软件").patch["former_titles"] == [data.identity]


def test_what_is_on_file_is_not_changed_but_for_phones() -> None:
    with pytest.raises(NotTaken, match="on file"):
        edit(alone(), "main_functions=另一功能。", state="submitted")
    assert edit(alone(), "owners[0].phone=13800400009", state="submitted") == Edited()
    with pytest.raises(NotTaken, match="case assign"):
        edit(alone(), "account=office-02", state="unprocessed")


def test_lists_of_another_length_differ_as_a_whole() -> None:
    assert changes({"a": [{"b": 1}]}, {"a": [{"b": 2}]}) == (Changed(("a", 0, "b"), 1, 2),)
    assert changes({"a": [{"b": 1}]}, {"a": []}) == (Changed(("a",), [{"b": 1}], []),)
