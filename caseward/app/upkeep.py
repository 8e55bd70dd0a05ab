"""What every installation does beside its systems: it sends notices, asks how remotes are, and audits the record."""

from __future__ import annotations

from datetime import timedelta

from workflow.scheduler.jobs import JOBS
from workflow.system import System, default_schedule

UPKEEP = System(
    "engine",
    "引擎",
    "Engine",
    jobs=JOBS,
    schedules=(
        default_schedule(
            "adapter_health",
            "job adapter_health",
            *("接口健康状态检测", "How the remote systems are"),
            timing="every 30 s",
            timeout=timedelta(minutes=2),
        ),
        default_schedule("notices", "job notices", "发送通知", "Send notices", timing="every 10 s"),
        default_schedule(
            "retention", "job retention(days=90)", "清理过期日志", "Forget old log rows", timing="0 30 3 * * ?"
        ),
        default_schedule("audit", "job audit", "账本自检（有变动的）", "Audit what changed", timing="0 15 * * * ?"),
        default_schedule(
            "whole_audit",
            "job audit(whole=true)",
            "账本自检（全部）",
            "Audit the whole record",
            timing="0 45 3 * * ?",
            timeout=timedelta(hours=6),
        ),
    ),
)
