"""What a matter of the year is about, drawn from a seed: titles, persons, firms, phones that nobody else has."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stdnum.cn import ric, uscc

from tests.registration.particulars import FUNCTIONS, applicant, row

if TYPE_CHECKING:
    from tests.year.kind import Kind

Row = dict[str, Any]
PLACES = [
    "河畔",
    "云岫",
    "砚边",
    "拾光",
    "茶园",
    "海棠",
    "松间",
    "青崖",
    "白鹭",
    "听雨",
    "北辰",
    "南窗",
    "竹里",
    "星野",
    "长汀",
]
THINGS = [
    "借阅",
    "排课",
    "巡检",
    "库存",
    "病历",
    "票据",
    "工单",
    "档案",
    "客流",
    "质检",
    "配送",
    "考勤",
    "播种",
    "舆图",
    "账目",
]
SORTS = ["管理", "分析", "调度", "监测", "协同", "预警", "归档", "统计", "评估"]
FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
GIVEN = "文思远山若水知行清和景明子衿望舒怀瑾令仪嘉树静姝"
MOBILE, UNICOM, TELECOM = ("139", "mobile"), ("186", "unicom"), ("133", "telecom")
AGENCY = "重庆澜汐知识产权代理有限公司"


@dataclass
class Matter:
    """One matter of the year. row: its particulars as they are to be filed, as the office knows them by now.

    begins: when the office takes it in. number: the case's, once it is open. done: the deeds that were done.
    """

    kind: Kind
    row: Row
    begins: datetime
    number: str = ""
    done: list[str] = field(default_factory=list)
    seen_codes: set[str] = field(default_factory=set)
    """The bureau's texts that an owner answered."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What somebody who acts in it must remember."""
    edited: set[str] = field(default_factory=set)
    """The particulars that staff changed."""
    kept: set[str] = field(default_factory=set)
    """Those of them of which a person said that the materials made before may stay."""
    papers: set[str] = field(default_factory=set)
    """The digests of documents that people made themselves for it."""

    @property
    def title(self) -> str:
        return str(self.row["full_name"])

    @property
    def owners(self) -> list[Row]:
        return list(self.row["owners"])


class Draw:
    """Draws the particulars. Each person, firm, phone and title comes once."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._titles = set[str]()
        self._people = self._phones = self._firms = 0

    def title(self) -> str:
        while True:
            found = "".join(self.chance.choice(words) for words in (PLACES, THINGS, SORTS)) + "软件"
            if found in self._titles:
                found = found.removesuffix("软件") + f"{len(self._titles)}号软件"
            if found not in self._titles:
                self._titles.add(found)
                return found

    def phone(self, sort: tuple[str, str] = MOBILE) -> Row:
        self._phones += 1
        return {"phone": f"{sort[0]}0{self._phones:07d}", "carrier": sort[1]}

    def person(self, id: str = "o1", name: str = "", sort: tuple[str, str] = MOBILE, **more: object) -> Row:
        self._people += 1
        body = f"510000{1960 + self._people % 40}0{1 + self._people % 9}{1 + self._people // 9 % 28:02d}"
        body += f"{self._people % 1000:03d}"
        drawn = self.chance.choice(FAMILIES) + self.chance.choice(GIVEN) + self.chance.choice(GIVEN)
        told = {"id": id, "name": name or drawn, "kind": "person", "certificate_kind": "identity_card"}
        number = body + ric.calc_check_digit(body + "0")
        return {**told, "certificate_number": number, **_home(), **self.phone(sort), **more}

    def firm(self, id: str = "o1", sort: tuple[str, str] = MOBILE, **more: object) -> Row:
        self._firms += 1
        body = f"91500000{self._firms:05d}7QX0"
        number = body + uscc.calc_check_digit(body)
        told = {"id": id, "name": f"重庆{self.chance.choice(PLACES)}{self._firms}号科技有限公司", "kind": "enterprise"}
        whose = {"certificate_kind": "credit_code", "certificate_number": number, **_home()}
        return {**told, **whose, **self.phone(sort), **more}

    def row(self, owners: Sequence[Mapping[str, object]], **more: object) -> Row:
        """The only owner files for himself; where there are several, an agency does."""
        alone = len(owners) == 1
        who = applicant(owner=owners[0]["id"]) if alone else applicant(owner=None, name=AGENCY)
        about: Row = {
            "full_name": self.title(),
            "development": "sole" if alone else "commission",
            "owners": list(owners),
            "applicant": who,
            "source_lines": self.chance.randrange(3000, 90000),
            "main_functions": f"第{self.chance.randrange(10**6)}号。{FUNCTIONS}",
        }
        return row(**{**about, **more})

    def of_firm(self, **more: object) -> Row:
        return self.row([self.firm()], **more)

    def of_persons(self, count: int, **more: object) -> Row:
        return self.row([self.person(f"o{place}") for place in range(1, count + 1)], **more)


def _home() -> Row:
    return {"province": "重庆市", "city": "重庆市"}
