"""Whose it is: matters of one title in one office, each filed with what was made for it, whatever lies beside it.

甲 and 乙 have programs of one name and version; those who own 乙's are two of one name. 丁 is refused and files again.
For the title of 己 somebody else ordered materials by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric

from tests.registration.particulars import FUNCTIONS, applicant, owner, row
from tests.scenes.stage import CAPTCHA, LOGIN, SOON, Scene, at_the_office
from workflow.demonstration import Act
from workflow.store.values import Duplicate

SAME, AGAIN, BESIDE = "学生成绩管理系统", "河道巡查调度软件", "茶园虫情识别软件"
TITLES = (SAME, AGAIN, BESIDE)
SECOND = {"login": "office-02", "password": "pass-2"}
REFUSED = {"review": [{"after_hours": 2, "status": "不予受理", "remark": "签章页没有加盖公章。"}]}


def person(id: str, name: str, number: int) -> dict[str, object]:
    body = f"51000019900101{number:03}"
    card = body + ric.calc_check_digit(body + "0")
    return owner(id=id, name=name, certificate_number=card, phone=f"13800400{number:03}")


def matter(title: str, *owners: dict[str, object], **more: Any) -> dict[str, object]:
    """The only owner applies; where there are several, an agent does."""
    who = applicant() if len(owners) == 1 else applicant(owner=None, name="澜汐代理")
    mode = "sole" if len(owners) == 1 else "commission"
    return row(full_name=title, owners=list(owners), applicant=who, development=mode, **more)


JIA = matter(SAME, person("o1", "甲明", 101), account="office-01", main_functions=f"甲的功能。{FUNCTIONS}")
YI = matter(
    SAME,
    person("o1", "张伟", 102),
    person("o2", "张伟", 103),
    account="office-01",
    main_functions=f"乙的功能。{FUNCTIONS}",
)
DING = matter(AGAIN, person("o1", "丁山", 104), account="office-02")
JI = matter(BESIDE, person("o1", "己秋", 105), account="office-02")
ACTS = [
    CAPTCHA,
    *(Act("specimen_request", 0, "owner", "give_specimen", {"title": title, "owner": id})
      for title in TITLES for id in ("o1", "o2")),
    *(Act("code_notice", 0, "owner", "fill_code", {"title": SAME, "owner": id}) for id in ("o1", "o2")),
]  # fmt: skip
OTHERS = {"owners": [{"name": "别家公司", "certificate_number": "91990000MAD7QX017W"}]}
WORLD = {
    "plans": {**{title: dict(SOON) for title in TITLES}, "RZ-0002": REFUSED},
    "orders": [{"title": BESIDE, "version": "V1.0", "status": "已完成", "particulars": OTHERS}],
}


def of(ledger: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [entry for entry in ledger if entry["kind"] == kind]


async def test_each_matter_is_filed_with_what_was_made_for_it(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, [JIA, DING, JI], acts=ACTS, world=WORLD, accounts=[LOGIN, SECOND]) as scene:
        await scene.hours(0.4)
        with pytest.raises(Duplicate, match="RZ-0001"):
            await scene.import_rows({**JIA, "short_name": "成绩"})
        await scene.import_rows(YI)  # while the first is under way, under the same account
        waits = await scene.command("case", "why", "RZ-0003")
        assert all(told in waits for told in ("别家公司", "己秋", "G0000001", "the operator")), waits
        assert "exit" not in await scene.command("case", "give", "RZ-0003", "not-ours", "what=order", "number=G0000001")
        await scene.hours(0.2)
        assert (await scene.numbered())["RZ-0003"] == "generating"
        await scene.command("case", "hold", "RZ-0003", "--reason", "its order is seen")
        await scene.days(2)
        ended = {"RZ-0001": "granted", "RZ-0002": "rejected", "RZ-0003": "generating", "RZ-0004": "granted"}
        assert (await scene.numbered(), await scene.incidents()) == (ended, [])
        await _files_again(scene, tmp_path / "again.json")
        await scene.days(2)
        assert (await scene.numbered(), await scene.incidents()) == ({**ended, "RZ-0005": "granted"}, [])
        await _each_with_its_own(scene)


async def _files_again(scene: Scene, file: Path) -> None:
    """The clerk says that the same row is to be filed anew; once is enough."""
    for rows, says in (
        ([DING], "--again"),
        ([{**DING, "full_name": "新名", "former_case": "RZ-0001"}], "former_case"),
    ):
        file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        assert says in await scene.command("case", "import", str(file))
    file.write_text(json.dumps([DING], ensure_ascii=False), "utf-8")
    for said in ("RZ-0005  opened", "RZ-0005  already there"):
        assert said in await scene.command("case", "import", str(file), "--again")
    assert "RZ-0002" in await scene.command("case", "show", "RZ-0005")


async def _each_with_its_own(scene: Scene) -> None:
    ledger, judged = await scene.outside.ledger(), await scene.outside.judgement()
    assert (judged["doubled"], judged["strange"]) == (0, [])
    rows = {one.claim.number: one.claim.data for one in await scene.rows()}
    orders = {one["reference"]: one for one in of(ledger, "order_placed")}
    filed = {one["reference"]: one for one in of(ledger, "confirmed")}
    assert set(orders) == set(rows) == {*filed, "RZ-0003"}
    for number, one in filed.items():
        assert [who["name"] for who in orders[number]["particulars"]["owners"]] == [
            who["name"] for who in rows[number]["owners"]
        ]
        assert rows[number]["materials"]["order"] == orders[number]["order"], one
    digests = [digest for one in filed.values() for digest in one["materials"].values()]
    assert len(set(digests)) == len(digests)
    codes = {one["owner"] for one in of(ledger, "code_entered") if one["outcome"] == "verified"}
    assert codes == {1, 2}, "each of two owners of one name had a code of his own"
