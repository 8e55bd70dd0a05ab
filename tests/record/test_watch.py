"""What the watchman finds is told, acknowledged and over; he goes on beside it, and seals an older record once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from caseward.console.wording.texts import Texts
from tests.attack.records.record import Original, SetClock, hand, original
from tests.store.desk import moved
from workflow.engine.audit import accept, audit, inspect_record
from workflow.record.anchored_heads import AnchoredHeads
from workflow.record.anchors import read_anchors
from workflow.record.columns import instant_text
from workflow.record.events import BEGINNING, Head, chain
from workflow.record.seals import make_seal
from workflow.record.tables import cases
from workflow.record.values import Commit, Entry
from workflow.record.watch import Finding
from workflow.sentence import read
from workflow.store.rows import fields


async def spoil(sound: Original, *statements: str) -> None:
    async with sound.desk.store.engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def audited(sound: Original, *, changed: bool = False) -> tuple[Finding, ...]:
    clock = SetClock(sound.desk)
    return (await audit(sound.desk.store, clock, sound.anchors, changed=changed)).findings  # type: ignore[arg-type]


def newest_heads(sound: Original) -> dict[str, Head]:
    """The last head of each case that an anchor signed."""
    with closing(AnchoredHeads()) as heads:
        read_anchors(sound.anchors, sound.desk.store.vault.chain, heads)
        return {case: max(hashes.items()) for case, hashes in heads.take(list(heads.left())).items()}


async def accepted(sound: Original, wanted: Callable[[Finding], bool] = lambda _: True) -> None:
    clock = SetClock(sound.desk)
    seen = [
        found
        for found in (await inspect_record(sound.desk.store, clock, sound.anchors)).findings  # type: ignore[arg-type]
        if wanted(found)
    ]
    assert seen
    given = {"by": "person:clerk", "reason": "a disk was put back"}
    await accept(sound.desk.store, clock, sound.anchors, seen, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("spelled", ["replace(at, 'Z', '+00:00')", "replace(at, 'T', ' ')"])
async def test_an_instant_in_another_spelling_is_told(tmp_path: Path, spelled: str) -> None:
    """It is the same instant to us, and another one to whoever sorts by its text."""
    async with original(tmp_path) as sound:
        await spoil(sound, f"UPDATE events SET at = {spelled} WHERE seq = 2 AND \"case\" = (SELECT id "
                    "FROM cases WHERE number = 'RZ-0002')")  # fmt: skip
        found = [(one.number, one.place, one.what) for one in await audited(sound)]
        assert found == [("RZ-0002", "event 2", "its time is not written as it was here")]


async def test_a_trigger_in_the_schema_is_told_until_a_person_has_seen_it(tmp_path: Path) -> None:
    """There is none of ours: it writes where no hand is seen."""
    async with original(tmp_path) as sound:
        await spoil(
            sound,
            "CREATE TRIGGER helper AFTER INSERT ON events BEGIN UPDATE cases SET auto = 0 WHERE number = 'none'; END",
        )
        found = [(one.number, one.place, one.what) for one in await audited(sound)]
        assert found == [("schema", "trigger helper", "another hand put it on events")]
        await accepted(sound)
        assert await audited(sound) == ()
        await spoil(sound, "DROP TRIGGER helper")
        assert await audited(sound) == ()


async def test_a_payload_that_is_none_ends_no_audit_and_harms_no_other_case(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        before = read_anchors(sound.anchors, sound.desk.store.vault.chain)
        await spoil(sound, "UPDATE events SET payload = CAST('{half' AS BLOB) WHERE seq = 2 AND \"case\" = (SELECT id "
                    "FROM cases WHERE number = 'RZ-0002')")  # fmt: skip
        await spoil(sound, "UPDATE cases SET state = 'elsewhere' WHERE number = 'RZ-0005'")
        opened = await sound.desk.open(data={"title": "new"})
        found = {(one.number, one.place, one.what) for one in await audited(sound)}
        assert found == {
            ("RZ-0002", "event 2", "the payload was changed"),
            ("RZ-0005", "case", "state is not what its events say"),
        }
        told = {(one.number, one.kind) for one in await sound.desk.store.incidents() if one.kind != "stuck"}
        assert told == {("RZ-0002", "audit_I4"), ("RZ-0005", "audit_I3")}
        after = read_anchors(sound.anchors, sound.desk.store.vault.chain)
        assert opened[0].case in newest_heads(sound), "what holds is anchored"
        assert after.count == before.count + 1


async def test_what_a_person_acknowledged_is_over_and_anchored_again(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        await spoil(sound, "UPDATE cases SET due_at = '2090-01-01T00:00:00.000000Z' WHERE number = 'RZ-0001'",
                    "UPDATE events SET actor = 'person:nobody' WHERE seq = 1 AND \"case\" = (SELECT id FROM cases "
                    "WHERE number = 'RZ-0003')", "DELETE FROM messages WHERE rowid = 2")  # fmt: skip
        assert len(await audited(sound)) == 3
        await accepted(sound)
        assert await audited(sound) == ()
        assert [one for one in await sound.desk.store.incidents() if one.kind.startswith("audit")] == []
        assert await audited(sound, changed=True) == (), "that its incidents are over is on record since"
        async with sound.desk.store.engine.connect() as connection:
            stands = (await connection.execute(select(cases.c.id, cases.c.seq, cases.c.head))).all()
        assert newest_heads(sound) == {case: (seq, head) for case, seq, head in stands}
        await spoil(sound, "UPDATE cases SET due_at = '2091-01-01T00:00:00.000000Z' WHERE number = 'RZ-0001'")
        assert [(one.number, one.invariant) for one in await audited(sound)] == [("RZ-0001", "I8")], "another change"


async def rewritten(sound: Original, number: str) -> None:
    """Another hand with the key of the chain tells the whole case anew, and seals its row."""
    store = sound.desk.store
    row = await store.case(number)
    told = [Entry(event.kind, event.body or {}, "person:else") for event in await store.events(row.claim.case)]
    ring = store.vault.chain
    forged = chain(told, case=row.claim.case, after=(0, BEGINNING), at=sound.desk.now, flow_version=1, revision="r",
                   ring=ring)  # fmt: skip
    with hand(sound.url) as rows:
        rows.write('DELETE FROM events WHERE "case" = ?', row.claim.case)
        for event in forged:
            rows.put("events", {**fields(event), "at": instant_text(event.at)})
        (stands,) = rows.read("SELECT * FROM cases WHERE id = ?", row.claim.case)
        head = forged[-1].hash.hex()
        seal = make_seal(ring, cases, {**stands, "head": head})
        rows.write("UPDATE cases SET head = ?, seal = ? WHERE id = ?", head, seal, row.claim.case)


async def test_a_chain_rewritten_whole_is_found_by_its_anchor(tmp_path: Path) -> None:
    """With the key itself: only what was signed outside the database still knows what was there."""
    async with original(tmp_path) as sound:
        await rewritten(sound, "RZ-0002")
        assert await sound.desk.store.verify() is None
        assert await audited(sound, changed=True) == (), "nothing of it was written since"
        for changed in (False, True):
            assert [(one.number, one.what) for one in await audited(sound, changed=changed)] == [
                ("RZ-0002", "it is not the one that was anchored")
            ], "what was found is looked at each time from then on, by all its anchors"
        (incident,) = [one for one in await sound.desk.store.incidents() if one.kind == "audit_I4"]
        assert incident.number == "RZ-0002"
        told = read(incident.seen["sentences"]["what"]["why"])
        assert Texts("zh-CN").told(told) == "记录 5：不是写入锚点的那一条"
        await accepted(sound)
        assert await audited(sound, changed=True) == ()
        assert [one for one in await sound.desk.store.incidents() if one.kind == "audit_I4"] == []


async def test_what_is_changed_again_after_it_was_acknowledged_is_told(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        for state in ("elsewhere", "nowhere"):
            await spoil(sound, f"UPDATE cases SET state = '{state}' WHERE number = 'RZ-0001'")
            (found,) = await audited(sound)
            assert (found.invariant, found.what) == ("I3", "state is not what its events say")
            await accepted(sound)
            assert await audited(sound) == ()
        await spoil(sound, "UPDATE cases SET queue = 'printer' WHERE number = 'RZ-0001'")
        assert [(one.place, one.invariant) for one in await audited(sound)] == [("case", "I8")]


async def test_what_was_changed_since_a_person_looked_is_not_taken(tmp_path: Path) -> None:
    own = "\"case\" = (SELECT id FROM cases WHERE number = 'RZ-0001')"
    async with original(tmp_path) as sound:
        await spoil(sound, f"UPDATE messages SET why = 'x' WHERE {own}")
        store, clock = sound.desk.store, SetClock(sound.desk)
        seen = (await inspect_record(store, clock, sound.anchors)).findings  # type: ignore[arg-type]
        await spoil(sound, f"DELETE FROM effects WHERE {own}", f"UPDATE documents SET kind = 'x' WHERE {own}")
        await accept(store, clock, sound.anchors, seen, by="person:clerk", reason="seen")  # type: ignore[arg-type]
        assert [one.place.split()[0] for one in await audited(sound)] == ["document"]
        await accepted(sound)
        assert [one.place for one in await audited(sound)] == ["effects"]


async def test_a_second_commit_of_one_look_does_not_seal_what_another_hand_changed(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        await spoil(sound, "UPDATE effects SET attempt = 7 WHERE \"case\" = (SELECT id FROM cases WHERE "
                    "number = 'RZ-0001')")  # fmt: skip
        desk = sound.desk
        desk.pass_time(timedelta(days=2))
        # a case whose worker died is claimed alone, one after another
        claims = [one for _ in range(5) for one in await desk.claim(10, state="generating", crashed=True)]
        (claim,) = [one for one in claims if one.number == "RZ-0001"]
        claim = await desk.commit(claim, Commit(guard="epoch", due_at=desk.now))
        await desk.commit(claim, moved("submitted", claim, effects=claim.effects))
        assert [one.place.split()[0] for one in await audited(sound)] == ["effect"]


async def test_a_case_that_is_gone_stays_told_until_a_person_has_seen_it(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        tables = ("events", "effects", "incidents", "messages", "documents", "checks")
        own = "\"case\" = (SELECT id FROM cases WHERE number = 'RZ-0002')"
        await spoil(sound, "PRAGMA defer_foreign_keys = ON", *(f"DELETE FROM {table} WHERE {own}" for table in tables),
                    "DELETE FROM cases WHERE number = 'RZ-0002'")  # fmt: skip
        assert {one.what for one in await audited(sound)} == {
            "it was anchored and is gone", "6 were given out, 5 cases are there",
        }  # fmt: skip
        await accepted(sound)
        assert await audited(sound) == ()


async def test_what_another_hand_changed_stays_told_though_the_case_goes_on(tmp_path: Path) -> None:
    """A look that is due writes the row again; that must not make the change its own."""
    async with original(tmp_path) as sound:
        await spoil(sound, "UPDATE cases SET failures = 9, due_at = '2020-01-01T00:00:00.000000Z' "
                    "WHERE number = 'RZ-0001'",
                    "UPDATE effects SET attempt = 7 WHERE \"case\" = (SELECT id FROM cases WHERE number = 'RZ-0001')",
                    )  # fmt: skip
        desk = sound.desk
        # a case whose worker died is claimed alone, one after another
        claims = [one for _ in range(5) for one in await desk.claim(10, state="generating", crashed=True)]
        (claim,) = [one for one in claims if one.number == "RZ-0001"]
        await desk.commit(claim, moved("submitted", claim, effects=claim.effects))
        found = {(one.place.split()[0], one.invariant) for one in await audited(sound)}
        assert found == {("case", "I8"), ("effect", "I8")}


@pytest.mark.parametrize("batch", ["moves", "waits"])
async def test_what_another_hand_changed_during_a_lease_is_sealed_by_no_batch(tmp_path: Path, batch: str) -> None:
    async with original(tmp_path) as sound:
        desk = sound.desk
        await desk.open(data={"title": "new"})
        (claim,) = await desk.claim()
        await spoil(sound, f"UPDATE cases SET origin = 'forged' WHERE id = '{claim.case}'")
        commit = moved("generating", claim) if batch == "moves" else Commit(guard="epoch", due_at=desk.now)
        given = {"now": desk.now, "real": desk.real}
        assert await desk.store.commit_many([(claim, commit)], **given) == {claim.case}
        assert [(one.case, one.invariant) for one in await audited(sound)] == [(claim.case, "I8")]


async def test_a_seat_that_meets_a_dead_worker_s_case_is_no_other_hand(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        desk = sound.desk
        (created,) = await desk.open(data={"title": "new"}, queue="browser")
        assert await desk.claim(queue="browser", only="a line")
        desk.pass_time(timedelta(minutes=5))
        seat = await desk.seat()
        assert seat is not None
        assert await desk.claim(queue="browser", seat=seat, assign=True) == []
        assert await audited(sound) == ()
        desk.pass_time(timedelta(minutes=5))
        (claim,) = await desk.claim(queue="browser", seat=seat, assign=True, crashed=True)
        assert (claim.case, claim.account) == (created.case, seat.account)
        assert await audited(sound) == ()


async def test_a_record_that_was_sealed_is_not_sealed_anew_for_an_edit(tmp_path: Path) -> None:
    """The numbered anchors say that it was; that its rows bear no seal any more is another hand's doing."""
    async with original(tmp_path) as sound:
        tables = ("cases", "effects", "incidents", "messages", "documents", "checks")
        await spoil(sound, *(f"UPDATE {table} SET seal = NULL" for table in tables),
                    "INSERT INTO installation (name, value) VALUES ('unsealed', 'since 0008')",
                    "UPDATE messages SET text = 'forged'")  # fmt: skip
        assert await sound.desk.store.seal_old(sound.anchors) == 0
        assert {one.what for one in await audited(sound)} == {"it has no seal"}


@pytest.mark.parametrize("edited", [False, True])
async def test_a_record_of_before_seals_is_sealed_once(tmp_path: Path, edited: bool) -> None:
    async with original(tmp_path) as sound:
        tables = ("cases", "effects", "incidents", "messages", "documents", "checks")
        await spoil(sound, *(f"UPDATE {table} SET seal = NULL" for table in tables),
                    "INSERT INTO installation (name, value) VALUES ('unsealed', 'since 0008')")  # fmt: skip
        if edited:
            await spoil(sound, "UPDATE cases SET seal = 'x' WHERE number = 'RZ-0004'")
        of_before = tmp_path / "none.jsonl"
        assert await sound.desk.store.seal_old(of_before) == (0 if edited else 6)
        assert (await audited(sound) == ()) is not edited
        assert await sound.desk.store.seal_old(of_before) == 0
