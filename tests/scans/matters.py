"""Blank seal pages of invented matters, as the bureau makes them, with our code and without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from adapters.papers.form_marks import FormCode, marked
from caseward.sandbox.pdf import Line, Mark, Text, write
from caseward.sandbox.portal.seal_blank import blank_seal_page
from caseward.sandbox.things import Draft
from tests.sandbox.office import SOFTWARE

DAY = datetime(2090, 3, 6, tzinfo=UTC)
PLACES = ("河畔", "云岫", "江川", "巡林", "澜汐", "青禾", "北辰", "明远")
THINGS = ("图书借阅", "冷链温控", "泥沙测量", "病虫识别", "排班调度", "票据核验", "水质监测", "学籍档案")
ENDS = ("软件", "系统", "平台", "管理软件")
FIRMS = ("重庆云岫智联科技有限公司", "成都澜汐信息技术有限公司", "江川水文仪器厂", "北辰测绘研究院")
PEOPLE = ("林知远", "周闻", "沈砚", "顾白", "陆鸣", "许舟", "何川", "欧阳青禾")


@dataclass(frozen=True)
class Matter:
    """owners: name and whether it is a firm. code: ours in its corners, or None."""

    title: str
    version: str
    draft: str
    owners: Sequence[tuple[str, bool]]
    blank: bytes
    code: str | None

    @property
    def about(self) -> Mapping[str, Any]:
        return {"code": self.code, "owners": [{"name": name, "sealed": firm} for name, firm in self.owners]}


def matter(
    random: Random,
    *,
    coded: bool = True,
    owners: int = 0,
    firms_alone: bool = False,
    places: Sequence[tuple[int, int]] | None = None,
) -> Matter:
    """One of its own; owners: 0 for one to three. places: where their lines stand, where not as usual."""
    count = owners or random.choice((1, 1, 2, 3))
    firms, people = random.sample(FIRMS, k=len(FIRMS)), random.sample(PEOPLE, k=len(PEOPLE))
    named = [
        (firms.pop(), True) if firms and (firms_alone or random.random() < 0.5) else (people.pop(), False)
        for _ in range(count)
    ]
    title = f"{random.choice(PLACES)}{random.choice(THINGS)}{random.choice(ENDS)}"
    draft = f"D{random.randrange(10**7):07d}"
    return _made(title, f"V{random.randrange(1, 9)}.0", draft, named, coded=coded, places=places)


def twin(made: Matter) -> Matter:
    """Another matter of the same name, version and owners: the bureau gave it the next number, and nothing else."""
    draft = f"D{(int(made.draft[1:]) + 1) % 10**7:07d}"
    return _made(made.title, made.version, draft, made.owners, coded=made.code is not None)


def laid_out(made: Draft, places: Sequence[tuple[int, int]]) -> bytes:
    """A blank of another bureau: its owners' lines stand at these places, across and up in points."""
    marks: list[Mark] = [Text(196, 770, "软件著作权登记签章页", 20), Text(72, 720, f"软件名称：{made.full_name}")]
    marks.append(Text(72, 696, f"版本号：{made.version}    草稿编号：{made.id}"))
    for number, (owner, (x, y)) in enumerate(zip(made.owners or (), places, strict=True), 1):
        marks += [Text(x, y, f"{number}. {owner['name']}"), Text(x + 130, y, "签章："), Line(x + 170, y, x + 240, y)]
    return write([marks])


def _made(
    title: str,
    version: str,
    draft: str,
    named: Sequence[tuple[str, bool]],
    *,
    coded: bool,
    places: Sequence[tuple[int, int]] | None = None,
) -> Matter:
    made = Draft(draft, "office-01", "RZ-0001", 0, created_at=DAY, visible_at=DAY)
    made.software = {**SOFTWARE, "full_name": title, "version": version}
    made.owners = [{"name": name} for name, _ in named]
    made.applicant = {"applicant": named[0][0]}
    blank = blank_seal_page(made) if places is None else laid_out(made, places)
    if not coded:
        return Matter(title, version, draft, named, blank, None)
    code = FormCode.of(draft, blank)
    form = marked(blank, code)
    assert form is not None
    return Matter(title, version, draft, named, form, str(code))
