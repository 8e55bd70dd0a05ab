"""The bureau's form: its fields, their choices, and what the bureau objects to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from caseward.sandbox.call import Call

Problem = tuple[str, str]  # the field's name, what is wrong with it

CHOICES: dict[str, tuple[str, ...]] = {
    "category": ("应用软件", "嵌入式软件", "中间件", "操作系统"),
    "work_kind": ("原创", "修改"),
    "development_mode": ("单独开发", "合作开发", "委托开发", "下达任务开发"),
    "publication": ("已发表", "未发表"),
    "acquisition": ("原始取得", "继受取得"),
    "succession": ("受让", "承受", "继承"),
    "scope": ("全部权利", "部分权利"),
    "rights": (
        "发表权",
        "署名权",
        "修改权",
        "复制权",
        "发行权",
        "出租权",
        "信息网络传播权",
        "翻译权",
        "其他权利",
    ),
    "deposit": ("一般交存", "例外交存"),
    "kind": ("自然人", "企业法人", "机关法人", "事业单位法人", "社会团体法人", "其他组织"),
    "certificate_kind": (
        "居民身份证",
        "护照",
        "统一社会信用代码",
        "事业单位法人证书",
        "社会团体法人证书",
        "其他证件",
    ),
}
SOFTWARE = [
    "full_name",
    "short_name",
    "version",
    "category",
    "work_kind",
    "modification_note",
    "former_number",
    "development_mode",
    "completion_date",
    "publication",
    "publication_date",
    "publication_place",
    "acquisition",
    "succession",
    "scope",
]
OWNER = ["name", "kind", "certificate_kind", "certificate_number", "nationality", "province", "city", "phone"]
APPLICANT = [
    "applicant",
    "applicant_name",
    "address",
    "postcode",
    "contact",
    "phone",
    "email",
    "hardware_environment",
    "software_environment",
    "languages",
    "line_count",
    "main_functions",
    "technical_features",
    "deposit",
]
LABELS = {
    "reference": "内部编号",
    "full_name": "软件全称",
    "short_name": "软件简称",
    "version": "版本号",
    "category": "软件分类",
    "work_kind": "软件作品说明",
    "modification_note": "修改说明",
    "former_number": "原登记号",
    "development_mode": "开发方式",
    "completion_date": "开发完成日期",
    "publication": "发表状态",
    "publication_date": "首次发表日期",
    "publication_place": "首次发表地点",
    "acquisition": "权利取得方式",
    "succession": "继受方式",
    "scope": "权利范围",
    "rights": "权利",
    "name": "姓名或名称",
    "kind": "类别",
    "certificate_kind": "证件类型",
    "certificate_number": "证件号码",
    "nationality": "国籍",
    "province": "省份",
    "city": "城市",
    "phone": "手机号",
    "applicant": "申请人",
    "applicant_name": "代理人姓名或名称",
    "address": "详细地址",
    "postcode": "邮政编码",
    "contact": "联系人",
    "email": "电子邮箱",
    "hardware_environment": "硬件环境",
    "software_environment": "软件环境",
    "languages": "编程语言",
    "line_count": "源程序量（行）",
    "main_functions": "主要功能",
    "technical_features": "技术特点",
    "deposit": "程序鉴别材料",
}
_OPTIONAL = {"short_name", "former_number", "phone"}
_ONLY_WITH = {
    "modification_note": ("work_kind", "修改"),
    "former_number": ("work_kind", "修改"),
    "publication_date": ("publication", "已发表"),
    "publication_place": ("publication", "已发表"),
    "succession": ("acquisition", "继受取得"),
    "rights": ("scope", "部分权利"),
    "applicant_name": ("applicant", "other"),
}


def software(call: Call, today: date) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {name: call.field(name) for name in SOFTWARE}
    values["rights"] = call.fields.get("rights", [])
    _drop_what_does_not_apply(values)
    problems = _faults(values, [*SOFTWARE, "rights"])
    problems += [("rights", f"权利：{r} 不在选项中") for r in values["rights"] if r not in CHOICES["rights"]]
    for name in ("completion_date", "publication_date"):
        if values[name]:
            problems += _date_problems(name, values[name], today)
    return values, problems


def owners(call: Call) -> tuple[list[dict[str, str]], list[Problem]]:
    rows = sorted({int(m[1]) for name in call.fields if (m := re.fullmatch(r"owners-(\d{1,3})-\w+", name))})
    found, problems = [], []
    for row in rows:
        values = {name: call.field(f"owners-{row}-{name}") for name in OWNER}
        if not values["name"]:
            continue
        found.append(values)
        problems += [(f"owners-{row}-{name}", f"第 {len(found)} 位著作权人，{what}") for name, what in _owner(values)]
    if not found:
        problems.append(("owners-0-name", "请至少填写一位著作权人"))
    return found, problems


def applicant(call: Call, owner_names: list[str]) -> tuple[dict[str, str], list[Problem]]:
    values: dict[str, Any] = {name: call.field(name) for name in APPLICANT}
    _drop_what_does_not_apply(values)
    problems = _faults(values, APPLICANT, optional=frozenset())
    if values["applicant"] and values["applicant"] not in (*owner_names, "other"):
        problems.append(("applicant", "申请人不在著作权人之列"))
    if values["postcode"] and not re.fullmatch(r"\d{6}", values["postcode"]):
        problems.append(("postcode", "邮政编码应为 6 位数字"))
    if values["line_count"] and not re.fullmatch(r"[1-9]\d{0,8}", values["line_count"]):
        problems.append(("line_count", "源程序量应为正整数"))
    if values["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", values["email"]):
        problems.append(("email", "电子邮箱格式不正确"))
    return values, problems


def _owner(values: dict[str, str]) -> list[Problem]:
    problems = _faults(values, OWNER)
    if values["phone"] and not re.fullmatch(r"1\d{10}", values["phone"]):
        problems.append(("phone", "手机号应为 11 位数字"))
    return problems


def _drop_what_does_not_apply(values: dict[str, Any]) -> None:
    for name, (decides, value) in _ONLY_WITH.items():
        if name in values and values[decides] != value:
            values[name] = [] if isinstance(values[name], list) else ""


def _faults(
    values: Mapping[str, Any], names: list[str], optional: frozenset[str] | set[str] = _OPTIONAL
) -> list[Problem]:
    problems = []
    for name in names:
        decides, value = _ONLY_WITH.get(name, ("", ""))
        if not values[name]:
            if name not in optional and (not decides or values[decides] == value):
                problems.append((name, f"请填写{LABELS[name]}"))
        elif name in CHOICES and name != "rights" and values[name] not in CHOICES[name]:
            problems.append((name, f"{LABELS[name]}：{values[name]} 不在选项中"))
    return problems


def _date_problems(name: str, text: str, today: date) -> list[Problem]:
    try:
        given = date.fromisoformat(text)
    except ValueError:
        return [(name, f"{LABELS[name]}格式不正确")]
    return [(name, f"{LABELS[name]}不能晚于今天")] if given > today else []
