"""What the bureau's pages must show before each step there that cannot be undone; when the site changes, mend it here.

Read each contract as the page is read: from top to bottom, every word, link, field and button of it. What stands in
braces is the matter's own (adapters/bureau/matter.py). Whatever else a page shows, or shows otherwise, stops the hand.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.bureau import selectors as on
from adapters.bureau.filing_form import BESIDE
from adapters.contract import Contract, Each, Line, Lines

FEE = "0.00 元"
"""The bureau's fee for a filing. A page that names another amount is refused."""


def text(words: str, id: str = "", when: str = "") -> Line:
    return Line("text", words, id, when)


def link(words: str, to: str, id: str = "", when: str = "") -> Line:
    return Line("link", f"{words} → {{portal}}{to}", id, when)


def button(words: str, id: str) -> Line:
    return Line("button", words, id)


def field(kind: str, name: str, value: str, limits: str, id: str) -> Line:
    return Line("field", f"{kind} {name}={value} [{limits}]", id)


def form(to: str, *inside: Line | Each, id: str = "", more: str = "", when: str = "") -> Lines:
    """The lines of a form that is sent by POST, from its begin to its end."""
    within = (Line("form", f"post {{portal}}{to}{more}", id), *inside, Line("end", "form"))
    return tuple(replace(line, when=when) if isinstance(line, Line) else line for line in within)


TOP = (
    Line("title", "{heading} - 软件著作权登记系统"),
    text("软件著作权登记系统"),
    text("版权登记中心 · 网上办事大厅（模拟）"),
    text("当前账号："),
    text("{account}", "account-name"),
    link("首页", "/"),
    link("我的草稿", "/drafts"),
    link("我的登记", "/filings"),
    *form("/logout", button("退出", "logout-button"), id="logout"),
    text("{heading}", "page-title"),
)
FOOT = (text("服务时间 08:00 至 23:00 · 本网站为模拟系统"),)

DRAFT = (
    text("草稿编号"),
    text("{number}", "draft-no"),
    text("内部编号"),
    text("{marker}", "draft-reference"),
    text("软件"),
    text("{title} {version}", "draft-title"),
    text("补正次数"),
    text("{round}", "draft-round"),
)

DETAIL = (
    *TOP,
    *DRAFT,
    text("状态："),
    text("已保存", "draft-status"),
    link("查看登记信息", "/drafts/{number}/view", "view"),
    link("编辑", "/apply/software?draft={number}", "edit"),
    link("上传材料", "/apply/materials?draft={number}", "materials"),
    text("请上传合作协议", "agreement-asked", when="agreement_asked"),
    text("合作协议："),
    text("{agreement}", "agreement-status"),
    text("著作权人"),
    text("共"),
    text("{owners_total}", "owners-total"),
    text("人"),
    *map(text, ("序号", "姓名或名称", "类别", "手机号", "中心用户ID", "验证码", "验证状态", "操作")),
    Each(
        "owners",
        (
            text("{n}"),
            text("{name}"),
            text("{kind}"),
            text("{phone}"),
            text("{center_id}"),
            text("{needed}"),
            text("{code}"),
            *form("/drafts/{number}/codes/{n}", button("发送验证码", "send-code-{n}"), when="open"),
        ),
    ),
    *form(
        "/drafts/{number}/codes",
        Each(
            "open_owners",
            (text("{name}"), field("text", "code-{n}", "{typed}", "maxlength=6", "code-{n}")),
        ),
        button("校验并保存", "enter-codes"),
        id="codes",
        when="open_owners",
    ),
    text("签章页", when="first"),
    text("签章页：", when="first"),
    text("{seal}", "seal-status", when="first"),
    link("下载签章页", "/drafts/{number}/seal.pdf", "seal-form", when="first"),
    *form(
        "/drafts/{number}/seal",
        field("file", "file", "{file}", "accept=application/pdf", "seal-file"),
        button("上传签章页", "upload-seal"),
        id="seal",
        more=" [enctype=multipart/form-data]",
        when="first",
    ),
    text("提交"),
    Each("missing", (text("{words}"),)),
    link("确认提交", "/drafts/{number}/confirm", "confirm", when="complete"),
    *FOOT,
)
"""A draft after it was saved."""

REQUEST_CODE = Contract("request code", "send-code-{owner}", DETAIL)
ENTER_CODES = Contract("enter codes", "enter-codes", DETAIL)
UPLOAD_SEAL = Contract("upload seal page", "upload-seal", DETAIL)

PAIR = (text("{label}"), text("{value}"))
VIEW = Contract(
    "view",
    "back",
    (
        *TOP,
        *DRAFT,
        text("软件"),
        Each("software", PAIR),
        text("著作权人"),
        Each("owners", PAIR),
        text("申请人"),
        Each("applying", PAIR),
        text("材料"),
        *map(text, ("材料", "文件", "大小", "状态")),
        Each("materials", (text("{kind}"), text("{file}"), text("{size}"), text("{status}"))),
        link("返回", "/drafts/{number}", "back"),
        *FOOT,
    ),
)
"""The page that shows all of a draft.

Nothing is pressed there: it is read before the seal page goes up and before filing.
"""

FILES = {
    "application": "申请表",
    "source": "源程序",
    "manual": "说明书",
    "agreement": "合作协议",
    "attorney": "委托书",
}
"""The bureau's word for each kind of file."""
PAPERS = tuple(kind for kind in FILES if kind not in BESIDE)
"""The kinds that belong to every filing."""

CONFIRM = Contract(
    "confirm",
    "confirm-final",
    (
        *TOP,
        *DRAFT,
        text("请核对以下信息。提交后不能修改。"),
        text("软件全称"),
        text("{title}", "confirm-title"),
        text("版本号"),
        text("{version}", "confirm-version"),
        text("申请人"),
        text("{applicant}", "confirm-applicant"),
        text("详细地址"),
        text("{address}", "confirm-address"),
        text("开发完成日期"),
        text("{completion_date}", "confirm-completion-date"),
        text("发表状态"),
        text("{publication}", "confirm-publication"),
        text("首次发表日期", when="publication_date"),
        text("{publication_date}", "confirm-publication-date", when="publication_date"),
        text("首次发表地点", when="publication_date"),
        text("{publication_place}", "confirm-publication-place", when="publication_date"),
        text("应缴费用"),
        text(FEE, "confirm-fee"),
        text("著作权人"),
        *map(text, ("序号", "姓名或名称", "类别", "证件类型", "证件号码")),
        Each(
            "owners",
            (text("{n}"), text("{name}"), text("{kind}"), text("{certificate_kind}"), text("{certificate_number}")),
        ),
        *form(
            "/drafts/{number}/confirm",
            link("返回", "/drafts/{number}", "back"),
            button("确认提交", "confirm-final"),
            id="confirm-form",
        ),
        *FOOT,
    ),
)

CORRECT = Contract(
    "correction",
    "correct-submit",
    (
        *TOP,
        text("登记编号"),
        text("{filing}", "filing-no"),
        text("内部编号"),
        text("{marker}", "filing-reference"),
        text("软件全称"),
        text("{title}", "filing-title"),
        text("版本号"),
        text("{version}", "filing-version"),
        text("补正次数"),
        text("{filed_round}", "filing-round"),
        text("受理编号"),
        text("{acceptance}", "acceptance-number"),
        text("流水号"),
        text("{serial}", "serial-number"),
        text("状态"),
        text("待补正", "status"),
        text("审查意见"),
        text("{remark}", "remark"),
        text("补正通知"),
        Each("notices", (text("{date}"), text("{text}"), text("{round}"))),
        *form("/filings/{filing}/correct", button("补正", "correct-submit"), id="correct"),
        text("著作权人"),
        text("共"),
        text("{owners_total}", "owners-total"),
        text("人"),
        Each("owners", (text("{name}"), text("{center_id}"))),
        *FOOT,
    ),
)
"""The page that opens the next round; title, version and owners are those that were filed."""

PRESSED = {
    on.LOGIN_SUBMIT: "登录",
    on.START: "开始填写",
    on.NEXT: "下一步",
    on.REFRESH: "刷新状态",
    on.SAVE: "保存",
    **{on.upload_button(kind): "上传" for kind in FILES},
}
"""The words of buttons that may be pressed again. Each is sent by POST to its own page, or is a link."""
