"""The outside gives the papers of one matter for those of another: nothing is filed with them, and a person is told.

Four registrations run in one office. Three of them meet another's paper, each another kind, are stopped and told, and
go on when the outside is well again; the fourth is none the worse.
"""

from __future__ import annotations

from pathlib import Path

from tests.registration.particulars import row
from tests.scenes.stage import CAPTCHA, at_the_office
from workflow.demonstration import Act

STOPPED = {
    "order_files": ("拾光手账时间管理软件", "generating", "material_uploaded"),
    "seal_form": ("云岫茶园病虫识别软件", "awaiting_seal", "seal_uploaded"),
    "certificate": ("澜汐潮位监测软件", "submitted", "none"),
}
"""By what the outside mixes up: whose paper, where that stops the matter, and what is not done then."""
MIXED_UP, OTHER = [title for title, *_ in STOPPED.values()], "砚边书法临帖评测软件"
TITLES = [*MIXED_UP, OTHER]
ACTS = [
    CAPTCHA,
    *(Act("specimen_request", 0, "owner", "give_specimen", {"title": one, "owner": "o1"})
      for one in TITLES),
]  # fmt: skip
ROWS = [row(full_name=one) for one in TITLES]


async def test_a_paper_of_another_matter_stops_its_own_and_tells(tmp_path: Path) -> None:
    """What is handed in stands on record with its digest, by which each paper is told from another's."""
    faults = [
        {"operation": operation, "kind": "of_another", "object": title, "count": 1}
        for operation, (title, *_) in STOPPED.items()
    ]
    async with at_the_office(tmp_path, ROWS, acts=ACTS, faults=faults) as scene:
        await scene.days(2)
        assert await scene.states() == {OTHER: "granted"} | {title: state for title, state, _ in STOPPED.values()}
        assert sorted(await scene.incidents()) == sorted((title, "drifted") for title in MIXED_UP)
        for title, _, undone in STOPPED.values():
            assert await scene.entries(undone, title) == 0
        for incident in await scene.record.store.incidents():
            now, real = await scene.record.clock.business(), await scene.record.clock.real()
            await scene.record.store.close_incident(
                incident.id, actor="person:clerk", reason="put right", now=now, real=real
            )
        await scene.days(2)
        assert await scene.states() == dict.fromkeys(TITLES, "granted")
        assert await scene.incidents() == []
        kept = [await scene.data(title) for title in TITLES]
        uploaded = {e["sha256"] for e in await scene.outside.ledger() if e["kind"] == "material_uploaded"}
    assert len({one["certificate_number"] for one in kept}) == len(TITLES)
    assert len({one["certificate"]["digest"] for one in kept}) == len(TITLES)
    papers = {one["materials"][kind]["digest"] for one in kept for kind in ("application", "source", "manual")}
    assert len(papers) == 3 * len(TITLES)
    assert papers == uploaded
