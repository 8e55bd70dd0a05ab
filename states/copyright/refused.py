"""Why the bureau did not accept a filing, and what helps for that reason: read from its own words."""

from __future__ import annotations

import re
from typing import Literal

Cause = Literal["seal", "materials", "parties", "name", "other"]
_NUMBER = re.compile(r"(?=(?:[A-Za-z]*[0-9]){6})[0-9A-Za-z]{9,}")
LONGEST = 100
"""Letters of the bureau's reason in a text to an owner; whole it stands in the case."""

# the first that fits: a remark about the manual may name the software's name, one about the seal page the owner
_CAUSES: tuple[tuple[Cause, re.Pattern[str]], ...] = (
    ("seal", re.compile("签章|盖章|公章|印章|签字|签名|签署")),
    ("materials", re.compile("源程序|源代码|说明书|文档|鉴别材料|申请表|页眉|页码|无法辨认|不清晰|模糊")),
    ("parties", re.compile("证件|身份证明|营业执照|主体资格|信用代码|著作权人")),
    ("name", re.compile("名称|命名|重名|同名|改名")),
)
HELPS: dict[Cause, dict[str, str]] = {
    "seal": {
        "zh-CN": "补齐签字盖章后可以重新申请。",
        "en": "It can be filed again with every signature and seal in place.",
    },
    "materials": {
        "zh-CN": "更正材料后可以重新申请。",
        "en": "It can be filed again with corrected materials.",
    },
    "parties": {
        "zh-CN": "更正著作权人信息后可以重新申请。",
        "en": "It can be filed again with the particulars of the owners put right.",
    },
    "name": {
        "zh-CN": "软件改名后可以重新申请。",
        "en": "It can be filed again under another name.",
    },
    "other": {"zh-CN": "", "en": ""},
}
"""What helps for a reason, in the languages of texts to owners."""


def cause_of(remark: str | None) -> Cause:
    """What the bureau's remark is about; other where it says nothing that is known here."""
    return next((cause for cause, words in _CAUSES if words.search(remark or "")), "other")


def reason_in_brief(remark: str | None) -> str:
    """The bureau's words for a text to an owner: on one line, without numbers of people, cut where they are long."""
    said = _NUMBER.sub("…", " ".join((remark or "").split())).rstrip("。.；; ")
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
