"""The kinds of the year can be drawn, and its judge sees what does not end rightly."""

from __future__ import annotations

from dataclasses import replace

from tests.scenes.stage import BEGIN
from tests.year.bureau import Desk, Shown
from tests.year.drawn import Draw, Matter
from tests.year.judge import Came, Judge, whose
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


def one_matter(kind: Kind = KINDS["firm"]) -> Matter:
    return Matter(kind, kind.draws(Draw(3)), BEGIN, "RZ-0001")


def came(matter: Matter, state: str) -> Came:
    return Came(matter, state, state in ("granted", "rejected"), "RZ-0001", {"who": "owner", "reason": "guards"}, ())


def judge_of(*drafts: Draft, status: str = "已发放") -> Judge:
    told = Told(drafts={one.id: one for one in drafts}, confirmed=list(drafts))
    return Judge(told, Desk([Shown("F1", "RZ-0001", "", status, "", "office-01")], [], {}, {}))


def test_a_grant_that_the_bureau_does_not_show_is_wrong() -> None:
    matter = one_matter()
    assert list(judge_of(filed(matter)).wrongs(came(matter, "granted"))) == []
    [wrong] = judge_of(filed(matter), status="审查中").wrongs(came(matter, "granted"))
    assert wrong == "ours: granted; outside: 审查中"


def test_what_was_filed_otherwise_than_meant_is_altered() -> None:
    matter = one_matter()
    as_filed = filed(matter)
    assert list(judge_of(as_filed).altered([came(matter, "granted")])) == []
    matter.row["main_functions"] = "改正后的功能。"
    [wrong] = judge_of(as_filed).altered([came(matter, "granted")])
    assert "main_functions" in wrong


def test_papers_of_another_matter_and_a_second_filing_are_seen() -> None:
    matter = one_matter()
    draft = replace(filed(matter), materials={"source": "abc"})
    judge = judge_of(draft, replace(draft, id="D2"))
    order = {"title": "别的软件", "particulars": {"owners": matter.owners}}
    told = replace(judge.told, orders={"G1": order})
    judge = Judge(told, Desk(judge.desk.filings, [], {"G1": frozenset({"abc"})}, {}))
    assert [one.split(" ")[0] for one in judge.wrong_materials()] == ["F1:", "F1:"]
    assert list(judge.doubled()) == ["RZ-0001 was filed 2 times in round 0"]


def test_a_reason_that_is_not_so_outside_is_wrong() -> None:
    """Our record says that the seal page is waited for; the bureau's page of the draft does not say so."""
    matter = one_matter(KINDS["silent_at_the_seal"])
    waiting = came(matter, "awaiting_seal")
    [wrong] = judge_of().wrongs(waiting)
    assert wrong.endswith("there is no draft of it")


def test_what_our_record_says_was_filed_and_nobody_knows_is_lost() -> None:
    matter = one_matter()
    assert [*judge_of().lost([came(matter, "granted")])]
    assert not [*judge_of(filed(matter)).lost([came(matter, "granted")])]
    assert whose(matter)


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
