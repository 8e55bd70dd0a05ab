"""The schedules that an installation begins with, and what people call them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

from caseward.app.installation import Record
from workflow.errors import Conflict
from workflow.schedules.schedule import Definition

log = structlog.get_logger()

EVERY_10_MINUTES = "0 0/10 * * * ?"


def default_schedules(zone: str) -> tuple[Definition, ...]:
    """Tasks 1 to 12 of the registration, in their order, and what the engine itself needs."""

    def row(
        name: str, target: str, timing: str = EVERY_10_MINUTES, group: str = "registration", **given: Any
    ) -> Definition:
        return Definition(name, group, target, timing, zone, **given)

    return (
        row("keep_sessions", "sweep accounts.alive,lapsed,needs_person,wrong_password"),
        row("unprocessed", "sweep copyright.unprocessed", calendar="bureau"),
        row("generating", "sweep copyright.generating"),
        row("awaiting_captcha", "sweep copyright.awaiting_captcha"),
        row("awaiting_seal", "sweep copyright.awaiting_seal"),
        row("submitted", "sweep copyright.submitted", "0 0/30 * * * ?", recheck=timedelta(hours=24)),
        row("needs_correction", "sweep copyright.needs_correction"),
        row("sync_codes", "job sync_codes", "0 0/5 * * * ?"),
        row("adapter_health", "job adapter_health", "every 30 s", timeout=timedelta(minutes=2)),
        row("request_codes", "line copyright.request_codes"),
        row("fill_center_ids", "line copyright.fill_center_ids", "0 5 * * * ?"),
        row("awaiting_agreement", "sweep copyright.awaiting_agreement"),
        row("notices", "job notices", "every 10 s", "engine"),
        row("retention", "job retention(days=90)", "0 30 3 * * ?", "engine"),
        row("audit", "job audit", "0 15 * * * ?", "engine"),
    )


LABELS = {
    "keep_sessions": ("刷新系统里的 token-key", "Keep sessions alive"),
    "unprocessed": ("提交-未处理", "Begin new cases"),
    "generating": ("提交-材料生成中", "Materials being generated"),
    "awaiting_captcha": ("提交-还差验证码", "Codes missing"),
    "awaiting_seal": ("提交-等签章页盖章", "Seal page awaited"),
    "submitted": ("查询-已提交", "Submitted cases"),
    "needs_correction": ("提交-待补正", "Corrections wanted"),
    "sync_codes": ("同步最新验证码", "Fetch filled-in codes"),
    "adapter_health": ("接口健康状态检测", "How the remote systems are"),
    "request_codes": ("给还差验证码的发送验证码", "Have codes sent"),
    "fill_center_ids": ("定时刷新填写版权中心 id", "Fill in the bureau's user ids"),
    "awaiting_agreement": ("提交-在等合作协议", "Agreement awaited"),
    "notices": ("发送通知", "Send notices"),
    "retention": ("清理过期日志", "Forget old log rows"),
    "audit": ("账本自检", "Audit the record"),
}
"""What people call the default schedules, in Chinese and in English."""


async def put_defaults(record: Record) -> int:
    """Adds those that were never there, deleted ones included; how many."""
    known = {
        schedule.definition.name
        for deleted in (False, True)
        for schedule in await record.store.schedules(deleted=deleted)
    }
    people, added = record.timetable("worker:start"), 0
    for definition in default_schedules(record.settings.timezone):
        if definition.name in known:
            continue
        try:
            await people.add(definition, "the installation begins with it")
            added += 1
        except Conflict:
            log.info("schedule.added_elsewhere", schedule=definition.name)
    return added
