"""Registrations for the tests: a plain one that breaks no rule, and how to change it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from states.copyright.registration import Registration

TODAY = date(2026, 11, 30)
SAMPLES = Path(__file__).parents[2] / "states" / "copyright" / "samples"

PERSON: dict[str, object] = {
    "id": "o1",
    "name": "顾遥岑",
    "kind": "person",
    "certificate_kind": "identity_card",
    "certificate_number": "510000199403172183",
    "province": "重庆市",
    "city": "重庆市",
    "phone": "13800400001",
    "carrier": "mobile",
}
COMPANY: dict[str, object] = {
    "id": "o2",
    "name": "重庆云岫智联科技有限公司",
    "kind": "enterprise",
    "certificate_kind": "credit_code",
    "certificate_number": "91990000MAD7QX017W",
    "province": "重庆市",
    "city": "重庆市",
}
FUNCTIONS = (
    "以手账方式记录每日安排。用户可以按日、按周、按月新建条目，为条目设定起止时间、地点、优先级和提醒方式；"
    "可以把条目拖到另一天，软件随即重排当日的时间轴。统计页按类别汇总一段时间内的用时，生成折线图和饼图，并与上一周期比较。"
    "搜索页支持按关键字、日期和标签查找；标签由用户自定义，可合并、改名和停用。"
    "数据保存在本机，用户可以导出为表格文件，也可以从表格文件导入；更换设备时通过备份文件恢复全部条目、标签和统计设置。"
    "软件另有复盘页，提示未完成的条目，供用户顺延或取消。"
)
"""As many words as the bureau's form asks at least."""
PLAIN: dict[str, object] = {
    "full_name": "拾光手账时间管理软件",
    "version": "V1.0",
    "category": "application",
    "development": "sole",
    "completed_on": "2026-05-18",
    "publication": "unpublished",
    "owners": [PERSON],
    "applicant": {
        "owner": "o1",
        "address": "重庆市沙坪坝区清澜街 6 号",
        "postcode": "400030",
        "contact": "顾遥岑",
        "phone": "13800400001",
        "email": "gu@shiguang.example",
    },
    "development_hardware": "四核 CPU，内存 8GB",
    "running_hardware": "双核 CPU，内存 4GB",
    "development_system": "Windows 11",
    "development_tools": "Android Studio 2024.1",
    "running_system": "Android 10 及以上",
    "supporting_software": "SQLite 3",
    "languages": ["Kotlin", "SQL"],
    "source_lines": 18640,
    "source_pages": 60,
    "purpose": "让个人的时间安排有据可查",
    "industry": "个人效率工具",
    "main_functions": FUNCTIONS,
    "features": ["app"],
    "technical_features": "本地优先，离线可用。",
}


def row(**changes: object) -> dict[str, object]:
    """A row of a file; a field changed to None is left out."""
    return {name: value for name, value in {**PLAIN, **changes}.items() if value is not None}


def owner(base: Mapping[str, object] = PERSON, **changes: object) -> dict[str, object]:
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def applicant(**changes: object) -> dict[str, object]:
    told = PLAIN["applicant"]
    assert isinstance(told, dict)
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def registration(**changes: object) -> Registration:
    return Registration.model_validate_json(json.dumps(row(**changes)), strict=True)


def file(*rows: object) -> bytes:
    return json.dumps(list(rows), ensure_ascii=False, indent=1).encode()
