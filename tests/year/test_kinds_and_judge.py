"""The kinds of the year can be drawn, and its judge sees what does not end rightly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tests.scenes.stage import BEGIN
from tests.year.bureau import Desk, Lacking, Shown
from tests.year.deeds.by_hand import PAPER
from tests.year.drawn import Draw, Matter
from tests.year.judge import Came, Judge
from tests.year.kind import Kind
from tests.year.kinds.table import KINDS
from tests.year.ledger import Draft, Told, read


def test_every_kind_draws_a_matter_that_can_be_taken_in() -> None:
    assert len(KINDS) >= 40
    draw = Draw(1)
    for kind in KINDS.values():
        row = kind.draws(draw)
        assert row["full_name"], kind.name
        assert kind.ends <= {"granted", "rejected", "waits"}, kind.name


def test_the_same_seed_draws_the_same_year() -> None:
    def drawn(seed: int) -> list[object]:
        draw = Draw(seed)
        return [kind.draws(draw) for kind in KINDS.values()]

    assert drawn(7) == drawn(7) != drawn(8)


# ---------------------------------------------------------------- what the judge sees


def filed(matter: Matter) -> Draft:
    row = matter.row
    owners = [{**one, "phone": one.get("phone", "")} for one in matter.owners]
    software = {"full_name": row["full_name"], "version": row["version"], "completion_date": row["completed_on"]}
    applicant = {"main_functions": row["main_functions"], "line_count": str(row["source_lines"])}
    return Draft("D1", "office-01", "RZ-0001", software, owners, applicant, filing="F1", confirmations=1)


def ordered(draft: Draft, **more: Any) -> dict[str, Any]:
    """An order of what the draft says, as the ledger has it."""
    particulars = {"software": draft.software, "applicant": draft.applicant, "owners": draft.owners}
    return {"reference": draft.reference, "round": draft.round, "particulars": particulars, **more}


def one_matter(kind: Kind = KINDS["firm"]) -> Matter:
    return Matter(kind, kind.draws(Draw(3)), BEGIN, "RZ-0001", done=[deed.does.__name__ for deed in kind.deeds])


def came(matter: Matter, state: str) -> Came:
    return Came(matter, state, state in ("granted", "rejected"), "RZ-0001", {"who": "owner", "reason": "guards"}, ())


def waiting(matter: Matter, guard: str, *incidents: str, who: str = "operator", **seen: Any) -> Came:
    refused = {"guard": guard, "ok": False, "seen": seen, "waits_for": who}
    lines = [{"line": "x", "satisfied": 0, "guards": [refused]}]
    why = {"who": who, "reason": "input_missing", "lines": lines, "detail": {}}
    return Came(matter, "submitted", False, "RZ-0001", why, incidents)


def judge_of(*drafts: Draft, status: str = "已发放", desk: Mapping[str, Any] = MappingProxyType({})) -> Judge:
    told = Told(drafts={one.id: one for one in drafts}, confirmed=list(drafts))
    shown = Shown("F1", "RZ-0001", "", status, "", "office-01", "2026-03-01")
    return Judge(told, replace(Desk([shown], [], {}, {}, "2026-03-10"), **desk))


def untrue(judge: Judge, one: Came) -> list[str]:
    return [wrong.partition("outside: ")[2] for wrong in judge.wrongs(one) if "right would be" not in wrong]


def test_a_grant_that_the_bureau_does_not_show_is_wrong() -> None:
    matter = one_matter()
    assert list(judge_of(filed(matter)).wrongs(came(matter, "granted"))) == []
    [wrong] = judge_of(filed(matter), status="审查中").wrongs(came(matter, "granted"))
    assert wrong == "ours: granted; outside: 审查中"


def test_a_fate_that_was_not_played_to_its_end_proves_nothing() -> None:
    """Whatever stood in the way of a deed, the matter ended as a plain one does, and counted as right."""
    matter = replace(one_matter(KINDS["held"]), done=["hold"])
    [wrong] = judge_of(filed(matter)).wrongs(came(matter, "granted"))
    assert wrong == "not played: resume, which comes in awaiting_seal; ours: granted"


def test_an_answer_without_the_paper_that_was_asked_for_is_wrong() -> None:
    matter = one_matter(KINDS["correction_of_paper"])
    draft = replace(filed(matter), materials={"application": "with it"})
    assert [*judge_of(draft).wrongs(came(matter, "granted"))]
    matter.notes[PAPER] = "with it"
    assert not [*judge_of(draft).wrongs(came(matter, "granted"))]


def test_what_was_filed_otherwise_than_meant_is_altered() -> None:
    matter = one_matter()
    as_filed = filed(matter)
    assert list(judge_of(as_filed).altered([came(matter, "granted")])) == []
    matter.row["main_functions"] = "改正后的功能。"
    [wrong] = judge_of(as_filed).altered([came(matter, "granted")])
    assert "main_functions" in wrong


def materials(order: Mapping[str, Any], matter: Matter, draft: Draft, *turns: str, kind: str = "manual") -> list[str]:
    """What is wrong about a filing whose manual was made for this order."""
    judge = judge_of(replace(draft, materials={kind: "abc"}), desk={"made": {"G1": {"manual": "abc"}}})
    judge.told.orders["G1"] = order
    judge.told.turned["G1"] += turns
    return list(judge.wrong_materials([came(matter, "granted")]))


def test_papers_of_another_matter_or_of_other_particulars_are_seen() -> None:
    matter = one_matter()
    draft = filed(matter)
    assert materials(ordered(draft), matter, draft) == []
    [wrong] = materials(ordered(draft, reference="RZ-0009"), matter, draft)
    assert "is of RZ-0009" in wrong
    [wrong] = materials(ordered(draft, round=1), matter, draft)
    assert "round 1" in wrong
    other = ordered(replace(draft, applicant={**draft.applicant, "main_functions": "旧的功能"}))
    [wrong] = materials(other, matter, draft)
    assert "旧的功能" in wrong
    matter.kept.add("main_functions")
    assert materials(other, matter, draft) == [], "a person said that they may stay"
    [wrong] = materials(ordered(replace(draft, owners=[{"name": "别人", "certificate_number": "1"}])), matter, draft)
    assert "别人" in wrong


def test_faulty_papers_and_papers_of_nobody_are_seen() -> None:
    matter = one_matter()
    draft = filed(matter)
    [wrong] = materials(ordered(draft), matter, draft, "内容有误")
    assert wrong == "F1: its manual is the faulty one of order G1"
    assert materials(ordered(draft), matter, draft, "内容有误", "重新生成") == []
    [wrong] = materials(ordered(draft), matter, draft, kind="source")
    assert "its source is no paper that was made for it" in wrong
    nobodys = judge_of(replace(draft, materials={"source": "xyz"}))
    assert [*nobodys.wrong_materials([came(matter, "granted")])]
    matter.papers.add("xyz")
    assert not [*nobodys.wrong_materials([came(matter, "granted")])]


def test_a_second_filing_and_a_second_order_are_seen() -> None:
    draft = filed(one_matter())
    judge = judge_of(draft, replace(draft, id="D2"))
    judge.told.orders.update(G1=ordered(draft), G2=ordered(draft))
    assert list(judge.doubled()) == ["RZ-0001 was filed 2 times in round 0", "RZ-0001 was ordered 2 times in round 0"]
    judge.told.turned["G1"].append("已退款")
    assert list(judge.doubled()) == ["RZ-0001 was filed 2 times in round 0"]


# ---------------------------------------------------------------- whether a reason is true


def test_a_reason_that_is_not_so_outside_is_wrong() -> None:
    """Our record says that the seal page is waited for; the bureau's page of the draft does not say so."""
    matter = one_matter(KINDS["silent_at_the_seal"])
    claim = waiting(matter, "seal_page_on_file", who="owner")
    assert untrue(judge_of(), claim) == ["seal_page_on_file: there is no draft of it"]
    draft = Lacking("D1", "RZ-0001", "", frozenset({"codes"}))
    assert untrue(judge_of(desk={"drafts": [draft]}), claim) == ["seal_page_on_file: D1 lacks codes"]
    assert untrue(judge_of(desk={"drafts": [replace(draft, missing=frozenset({"seal"}))]}), claim) == []


def test_the_reason_itself_is_judged_and_not_the_state() -> None:
    """A filing that is gone, withdrawn, or called by a new word: told as one of the others it is wrong."""
    matter = one_matter(KINDS["withdrawn"])
    withdrawn = judge_of(filed(matter), status="已撤回")
    assert untrue(withdrawn, waiting(matter, "filing_stands", says="已撤回")) == []
    assert untrue(withdrawn, waiting(matter, "filing_shown", filing=None)) == ["filing_shown: F1 is in the list"]
    assert untrue(withdrawn, waiting(matter, "status_known", says="待缴费")) == [
        "status_known: the bureau shows 已撤回"
    ]
    unknown = judge_of(filed(matter), status="待缴费")
    assert untrue(unknown, waiting(matter, "status_known", says="待缴费")) == []
    assert untrue(unknown, waiting(matter, "status_known", says="待受理"))


def test_each_open_incident_is_a_claim_too() -> None:
    matter = one_matter(KINDS["withdrawn"])
    withdrawn = judge_of(filed(matter), status="已撤回")
    [wrong] = untrue(withdrawn, waiting(matter, "filing_stands", "correction_lost", says="已撤回"))
    assert wrong == "incident correction_lost: the bureau shows 已撤回"
    [wrong] = untrue(withdrawn, waiting(matter, "filing_stands", "stuck", says="已撤回"))
    assert wrong == "incident stuck: no rule of the judge knows incident stuck"
    barred = replace(waiting(matter, ""), why={"who": "operator", "reason": "incident_open", "detail": {"kind": "x"}})
    assert untrue(withdrawn, barred) == ["incident x: no rule of the judge knows incident x"]


def test_a_deadline_is_over_only_when_it_is() -> None:
    matter = one_matter(KINDS["correction_unanswered"])
    asked = judge_of(filed(matter), status="待补正")
    assert untrue(asked, waiting(matter, "correction_agreed")) == []
    assert untrue(asked, waiting(matter, "correction_agreed", too_late=True))
    late = replace(asked, desk=replace(asked.desk, today="2026-04-01"))
    assert untrue(late, waiting(matter, "correction_agreed", too_late=True)) == []
    assert untrue(late, waiting(matter, "correction_agreed"))


def test_an_order_is_told_as_it_stands() -> None:
    matter = one_matter(KINDS["refunded_and_left"])
    judge = judge_of(desk={"orders": {"G1": "已退款"}})
    judge.told.orders["G1"] = ordered(filed(matter))
    assert untrue(judge, waiting(matter, "materials_ready", order="G1", order_ended="已退款")) == []
    assert untrue(judge, waiting(matter, "materials_ready", order="G1", order_ended="生成失败"))
    assert untrue(judge, waiting(matter, "materials_ready", order=None))
    made = replace(judge, desk=replace(judge.desk, orders={"G1": "生成中"}))
    assert untrue(made, waiting(matter, "materials_ready", order_ended="已退款"))


def test_only_a_named_person_ends_a_wait() -> None:
    matter = one_matter(KINDS["silent_owner"])
    nobody = replace(came(matter, "submitted"), why={"who": "bureau", "reason": "external_wait"})
    assert untrue(judge_of(), nobody) == ["no person is named: bureau, external_wait"]


def test_a_code_is_waited_for_only_of_whom_it_was_sent() -> None:
    matter = one_matter(KINDS["silent_owner"])
    draft, owner = Lacking("D1", "RZ-0001", "", frozenset({"codes"})), matter.owners[0]
    judge = judge_of(desk={"drafts": [draft]})
    claim = waiting(matter, "codes_complete", "codes_unanswered", who="owner", missing=[owner["name"]])
    assert untrue(judge, claim)
    judge.told.codes[matter.title, owner["phone"]].append({"kind": "code_sent"})
    assert untrue(judge, claim) == []
    judge.told.codes[matter.title, owner["phone"]].append({"kind": "code_recorded"})
    assert untrue(judge, claim)


def test_codes_are_used_up_only_where_so_many_were_sent() -> None:
    matter = one_matter(KINDS["silent_owner"])
    owner, judge = matter.owners[0], judge_of()
    claim = waiting(matter, "codes_to_request", used_up=[owner["name"]])
    judge.told.codes[matter.title, owner["phone"]] += [{"kind": "code_sent"}] * 2
    assert untrue(judge, claim) == [f"codes_to_request: {owner['name']} was sent 2 codes"]
    judge.told.codes[matter.title, owner["phone"]].append({"kind": "code_sent"})
    assert untrue(judge, claim) == []


def test_what_ended_a_correction_is_told_as_it_is() -> None:
    matter = one_matter(KINDS["correction_unanswered"])
    withdrawn = judge_of(filed(matter), status="已撤回")
    assert untrue(withdrawn, waiting(matter, "answer_open", answer="withdrawn")) == []
    assert untrue(withdrawn, waiting(matter, "answer_open", filing_gone=True))
    assert untrue(withdrawn, waiting(matter, "correction_stands", filing="F1", says="已撤回")) == []
    asked = judge_of(filed(matter), status="待补正")
    assert untrue(asked, waiting(matter, "correction_stands", filing="F1", says="待补正"))


def test_what_our_record_says_was_filed_and_nobody_knows_is_lost() -> None:
    matter = one_matter()
    assert [*judge_of().lost([came(matter, "granted")])]
    assert not [*judge_of(filed(matter)).lost([came(matter, "granted")])]


def test_a_correction_keeps_what_the_filing_held() -> None:
    values = {"page": "software", "reference": "RZ-0001", "values": {"full_name": "甲"}}
    told = read(
        [
            {"kind": "draft_made", "draft": "D1", "account": "office-01", "reference": ""},
            {"kind": "page_saved", "draft": "D1", **values},
            {"kind": "material_uploaded", "draft": "D1", "material": "source", "sha256": "a"},
            {"kind": "confirmed", "draft": "D1", "filing": "F1"},
            {"kind": "correction_opened", "draft": "D2", "filing": "F1", "round": 1},
            {"kind": "confirmed", "draft": "D2", "filing": "F1"},
        ]
    )
    assert [(one.id, one.round, one.title, one.materials) for one in told.confirmed] == [
        ("D1", 0, "甲", {"source": "a"}),
        ("D2", 1, "甲", {}),
    ]
