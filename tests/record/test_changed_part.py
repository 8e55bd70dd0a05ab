"""What the audit of the changed part leaves to the audit of the whole record, and takes from it."""

from __future__ import annotations

from pathlib import Path

from tests.attack.records.record import original
from tests.record.test_watch import audited, rewritten, spoil
from workflow.record.values import Commit, Entry


def changed_by_a_person() -> Commit:
    return Commit(guard="epoch", entries=(Entry("noted", {"text": "it goes on"}, "person:clerk", "so"),))


async def test_what_was_anchored_stays_signed_though_the_changed_part_was_anchored_over_it(tmp_path: Path) -> None:
    """The changed part is not held against older anchors; the whole is held against each of them."""
    async with original(tmp_path) as sound:
        await rewritten(sound, "RZ-0002")
        await sound.desk.command("RZ-0002", changed_by_a_person())
        assert await audited(sound, changed=True) == ()
        assert [(one.number, one.what) for one in await audited(sound)] == [
            ("RZ-0002", "it is not the one that was anchored")
        ]


async def test_the_incident_of_a_case_that_is_not_looked_at_stays(tmp_path: Path) -> None:
    async with original(tmp_path) as sound:
        await spoil(sound, "UPDATE cases SET failures = 9 WHERE number = 'RZ-0001'")
        assert len(await audited(sound)) == 1
        await spoil(sound, "UPDATE cases SET unaudited = 0 WHERE number = 'RZ-0001'")
        await sound.desk.command("RZ-0002", changed_by_a_person())
        for changed, found in ((True, 0), (False, 1)):
            assert len(await audited(sound, changed=changed)) == found
            assert [one.number for one in await sound.desk.store.incidents() if one.kind == "audit_I8"] == ["RZ-0001"]


async def test_what_another_hand_changed_is_found_within_the_hour_once_the_case_goes_on(tmp_path: Path) -> None:
    own = "\"case\" = (SELECT id FROM cases WHERE number = 'RZ-000{}')"
    async with original(tmp_path) as sound:
        await spoil(sound, "UPDATE cases SET failures = 9 WHERE number = 'RZ-0001'",
                    f"UPDATE messages SET why = 'x' WHERE {own.format(2)}",
                    f"UPDATE documents SET kind = 'x' WHERE {own.format(3)}")  # fmt: skip
        assert await audited(sound, changed=True) == ()
        for number in (1, 2, 3):
            await sound.desk.command(f"RZ-000{number}", changed_by_a_person())
        assert {(one.number, one.place.split()[0]) for one in await audited(sound, changed=True)} == {
            ("RZ-0001", "case"), ("RZ-0002", "message"), ("RZ-0003", "document"),
        }  # fmt: skip
