"""The registration of software as a system: all that an installation knows of it stands here."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from adapters.bureau.sessions import SignIn
from adapters.sms import Sms
from states.accounts import Account, person_login
from states.accounts import flow as accounts
from states.copyright.demonstration.value import DEMONSTRATION
from states.copyright.flow import flow
from states.copyright.forced import dead_end
from states.copyright.gives import GIVES, SECRETS
from states.copyright.intake import INTAKE
from states.copyright.jobs import JOBS
from states.copyright.notices import (
    certificate_notice,
    code_notice,
    correction_notice,
    filed_notice,
    phone_of,
    rejection_notice,
    specimen_request,
)
from states.copyright.people import parties
from states.copyright.remotes import BUREAU_HOURS, PORTAL, REMOTES
from states.copyright.review import REVIEWS
from states.copyright.shown import matter, words_of
from states.copyright.variables import ONCE_CALLED, CopyrightVariables, own_settings
from workflow.demonstration import Samples, Sandbox
from workflow.system import AccountPool, System, default_schedule

CODES = ("records_url", "sms_url", "codes_url", "codes_address")
PROGRESS = ("sms_url", "progress_url", "progress_address")
"""What texts about codes and about progress go by and name, and where the codes that are asked for are read."""
task = partial(default_schedule, group="registration")
# tasks 1 to 12, in their order
SCHEDULES = (
    task(
        "keep_sessions",
        "sweep accounts.alive,lapsed,needs_person,wrong_password",
        *("刷新系统里的 token-key", "Keep sessions alive"),
    ),
    task("unprocessed", "sweep copyright.unprocessed", "提交-未处理", "Begin new cases", calendar=BUREAU_HOURS.name),
    task("generating", "sweep copyright.generating", "提交-材料生成中", "Materials being generated"),
    task("awaiting_captcha", "sweep copyright.awaiting_captcha", "提交-还差验证码", "Codes missing"),
    task("awaiting_seal", "sweep copyright.awaiting_seal", "提交-等签章页盖章", "Seal page awaited"),
    task(
        "submitted",
        "sweep copyright.submitted",
        *("查询-已提交", "Submitted cases"),
        timing="0 0/30 * * * ?",
        recheck=timedelta(hours=24),
    ),
    task("needs_correction", "sweep copyright.needs_correction", "提交-待补正", "Corrections wanted"),
    task("sync_codes", "job sync_codes", "同步最新验证码", "Fetch filled-in codes", timing="0 0/5 * * * ?"),
    task(
        "adapter_health",
        "job adapter_health",
        *("接口健康状态检测", "How the remote systems are"),
        timing="every 30 s",
        timeout=timedelta(minutes=2),
    ),
    task("request_codes", "line copyright.request_codes", "给还差验证码的发送验证码", "Have codes sent"),
    task(
        "fill_center_ids",
        "line copyright.fill_center_ids",
        *("定时刷新填写版权中心 id", "Fill in the bureau's user ids"),
        timing="0 5 * * * ?",
    ),
    task("awaiting_agreement", "sweep copyright.awaiting_agreement", "提交-在等合作协议", "Agreement awaited"),
    task(
        "notice_filings",
        "line copyright.notice_filings",
        *("查看版权中心有无人工办理", "What others did at the bureau"),
        timing="0 35 * * * ?",
    ),
)

system = System(
    "copyright",
    "软件著作权登记",
    "Software copyright registration",
    flows=(flow, accounts),
    remotes=REMOTES,
    settings=CopyrightVariables,
    flow_settings=lambda said: {flow.name: own_settings(said)},
    notice_needs={
        code_notice: CODES,
        specimen_request: PROGRESS,
        filed_notice: PROGRESS,
        certificate_notice: PROGRESS,
        rejection_notice: PROGRESS,
        correction_notice: PROGRESS,
    },
    once_called=ONCE_CALLED,
    calendars=(BUREAU_HOURS,),
    jobs=JOBS,
    schedules=SCHEDULES,
    channels={"sms": Sms},
    accounts=(AccountPool(PORTAL, accounts.name, SignIn, person_login, Account),),
    people=frozenset({"owner"}),
    intake=INTAKE,
    gives=GIVES,
    secrets=SECRETS,
    reviews=REVIEWS,
    address_of={flow.name: phone_of},
    shows={flow.name: matter},
    finds={flow.name: words_of},
    parties={flow.name: parties},
    dead_ends={flow.name: dead_end},
    extras=("browser", "papers", "phones"),
    words=Path(__file__).parent / "locale",
    samples=Samples(
        Path(__file__).parent / "samples", cases="registrations.json", accounts="accounts.json", world="world.json"
    ),
    sandbox=Sandbox(
        {
            **{f"{name}_url": f"{{origin}}/{name}" for name in ("portal", "generator", "records", "sms", "progress")},
            **{f"{name}_token": f"sandbox-{name}" for name in ("generator", "records", "sms")},
            "codes_url": "{origin}/records",
            "codes_address": "{host}",
            "progress_address": "{host}",
        },
        opens="caseward.demonstration.outside:opened",
        port=8701,
    ),
    demonstration=DEMONSTRATION,
)
