"""The registrations killed on their way: between them every irreversible step, a correction, and two forces."""

from __future__ import annotations

from tests.crash.play import Force, Story

CORRECTION = (
    {"after_hours": 2, "status": "待补正", "notice": "说明书与软件名称不一致，请补正。"},
    {"after_hours": 2, "status": "已发放"},
)

STORIES = (
    Story(
        "institution, forced back",
        "云岫冷链运输温控监测平台",
        forces=(Force("awaiting_seal", "unprocessed"), Force("submitted", "awaiting_seal")),
    ),
    Story("persons with codes, returned for correction", "山城轨道客流热力分析系统", CORRECTION, rounds=1),
    Story("agreement", "江川水文站泥沙图像测量系统"),
)
