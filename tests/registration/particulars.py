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
    "hardware": "四核 CPU，内存 8GB",
    "software": "Windows 11",
    "languages": ["Kotlin", "SQL"],
    "source_lines": 18640,
    "main_functions": "以手账方式记录每日安排。",
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
