"""Every selector, heading and masked field of the bureau's pages; when the site changes, this is the file to mend."""

from __future__ import annotations

import re

from adapters.bureau.sheets import Page, Rows

FRAME = Page(
    "frame",
    "",
    ("#page-title",),
    texts={
        "page": "body@data-page",
        "heading": "h1",
        "flash": "div.flash:not([id])",
        "notice": "#login-notice",
        "account": "#account-name",
        "draft": "#draft-no",
        "reference": "#draft-reference",
        "title": "#draft-title",
        "round": "#draft-round",
        "named": "input[name=draft_id]@value",
    },
    lists={
        "errors": Rows(
            "ul.errors > li",
            {"text": "", "field": "@data-field", "owner": "@data-owner", "problem": "@data-problem"},
            silent="a page that has nothing to complain of says nothing",
            optional={
                "field": "a complaint may be about no field",
                "owner": "a complaint may be about no owner",
                "problem": "only complaints about codes have a kind",
            },
            blank={"field": "a complaint may be about no field"},
        )
    },
    optional={
        "flash": "it answers what was done, and stands nowhere else",
        "notice": "it stands on the login page, where a session has ended",
        "account": "a page that names another account than the seat's, or none, is no page of ours",
        "draft": "it stands on pages of a draft, which name it among their landmarks",
        "reference": "it stands on pages of a draft",
        "title": "it stands on pages of a draft",
        "round": "it stands on pages of a draft",
        "named": "it stands on the pages of the form, which name it among their landmarks",
    },
    blank={
        "reference": "what somebody began by hand has no number of ours",
        "title": "a draft has none before its first page is filled",
        "named": "a new draft has no number before its first page is sent",
        "notice": "the login page may say nothing",
        "flash": "an answer without words is no answer, and is asked for where one is due",
    },
    repeated={"named": "each form of a page carries the number of its draft"},
)
"""Read on every page."""

CLOSED, BUSY, MISSING = "closed", "busy", "missing"

LOGIN = Page(
    "login", "用户登录", ("#account", "#password", "#login-submit"), nobodys="nobody is logged in on the login page"
)
ACCOUNT, PASSWORD, LOGIN_SUBMIT = "#account", "#password", "#login-submit"
CAPTCHA, CAPTCHA_IMAGE = "#captcha", "#captcha-image"
ELSEWHERE = "其他地点登录"
HOME = Page("home", "首页", ("#account-name",))

_ROW = {"reference": ".reference", "name": ".name", "version": ".version", "round": ".round", "status": ".status"}
_SEARCHED = {"searched": "#reference@value", "searched_name": "#name@value"}
_EITHER = {"searched": "a search may go by the name alone", "searched_name": "or by our number alone"}
_NONE, _TOTAL, _OWNERS_TOTAL = "#no-rows", "#total", "#owners-total"
_BLANK = {
    "reference": "what somebody began by hand has no number of ours; a search for ours must not show it",
    "name": "a draft has none before its first page is filled, which is asked for where it is saved",
    "version": "as the name",
}
DRAFTS = Page(
    "drafts",
    "我的草稿",
    ("#search",),
    texts=_SEARCHED,
    blank=_EITHER,
    lists={"rows": Rows("tr.draft", {"number": "@data-draft", **_ROW}, none=_NONE, total=_TOTAL, blank=_BLANK)},
)
FILINGS = Page(
    "filings",
    "我的登记",
    ("#search",),
    texts=_SEARCHED,
    blank=_EITHER,
    lists={
        "rows": Rows(
            "tr.filing",
            {"number": "@data-filing", "serial": ".serial", **_ROW},
            none=_NONE,
            total=_TOTAL,
            blank={"reference": _BLANK["reference"], "serial": "it is given some hours after the confirmation"},
        )
    },
)
NEW_DRAFT = Page("new-draft", "新建登记", ("#reference", "#start"))
REFERENCE, START = "#reference", "#start"

_FORM = ("#draft-no", "input[name=draft_id]", "#next")
SOFTWARE = Page("apply-software", "软件基本信息", (*_FORM, "#full_name", "#calendar"))
OWNERS = Page("apply-owners", "著作权人信息", (*_FORM, "#add-owner"))
APPLICANT = Page("apply-applicant", "申请人信息", (*_FORM, "#applicant"))
NEXT = "#next"
MATERIALS = Page(
    "apply-materials",
    "上传材料",
    ("#draft-no", "#refresh", "#next"),
    lists={
        "materials": Rows(
            "tr.material",
            {"kind": "@data-kind", "file": ".file-name", "status": ".status"},
            blank={"file": "nothing was uploaded yet"},
        )
    },
)
REFRESH = "#refresh"
_ECHO = Rows(
    "[data-echo]",
    {"field": "@data-echo", "value": ""},
    blank={"value": "many boxes of the form may be left empty; each is compared with what was meant"},
)
CHECK = Page(
    "apply-check",
    "核对信息",
    ("#draft-no", "#save"),
    lists={"echo": _ECHO},
)
SAVE = "#save"
AGENT = "其他（代理人）"
"""The applicant, where it is none of the owners."""

DETAIL = Page(
    "draft",
    "登记详情",
    ("#draft-no", "#draft-reference", "#draft-status"),
    texts={
        "status": "#draft-status",
        "agreement": "#agreement-status",
        "seal": "#seal-status",
        "seal_form": "#seal-form@href",
        "confirm": "#confirm@href",
    },
    lists={
        "owners": Rows(
            "tr.owner",
            {
                "number": "@data-owner",
                "name": "@data-name",
                "center_id": ".center-id",
                "needed": ".code-needed@data-needed",
                "code": ".code-status@data-status",
            },
            total=_OWNERS_TOTAL,
            blank={"center_id": "the bureau gives it some hours after the draft was saved"},
        ),
        "missing": Rows(
            "#missing > li",
            {"what": "@data-missing", "text": ""},
            silent="a draft that misses nothing offers its confirmation instead, which is asked for before it is used",
        ),
    },
    optional={
        "seal": "only the first filing has a seal page, once its draft is saved; it is asked for where it must stand",
        "seal_form": "it is offered with the seal page",
        "confirm": "it is offered once nothing is missing",
    },
)
AGREEMENT_WANTED, AGREEMENT_NEEDLESS = "待上传", "不需要"
BEING_FILLED, SUBMITTED = "填写中", "已提交"
SAVED, UPLOADED, RECEIVED, NOT_UPLOADED = "已保存", "已上传", "已接收", "未上传"
PROCESSED = "处理中"
CODE_SENT, CODES_TAKEN, SEAL_TAKEN = "验证码已发送", "验证码校验通过", "签章页已上传"
STILL_MISSING = {
    "materials": "材料尚未全部接收",
    "agreement": "请上传合作协议",
    "codes": "验证码尚未全部校验",
    "seal": "请上传签章页",
}
"""What the detail page says of a saved draft that cannot be confirmed yet, in the page's order."""
ENTER_CODES = "#enter-codes"
SEAL_FORM, SEAL_FILE, UPLOAD_SEAL = "#seal-form", "#seal input[name=file]", "#upload-seal"
CONFIRM_LINK = "#confirm"

VIEW = Page(
    "draft-view",
    "登记信息",
    ("#draft-no", "#draft-reference", "#back"),
    lists={
        "echo": _ECHO,
        "materials": Rows(
            "tr.material",
            {"kind": "@data-kind", "file": ".file-name", "size": ".file-size", "status": ".status"},
            blank={"file": "nothing was uploaded of this kind", "size": "as the file's name"},
        ),
    },
)
"""The page that shows all of a draft."""

CONFIRM = Page(
    "confirm",
    "确认提交",
    ("#confirm-title", "#confirm-version", "#confirm-applicant", "#confirm-form", "#confirm-final", "#draft-reference"),
    texts={"name": "#confirm-title", "version": "#confirm-version", "applicant": "#confirm-applicant"},
)
CONFIRM_FINAL = "#confirm-final"
RECEIPT = Page(
    "receipt",
    "提交成功",
    ("#acceptance-number", "#receipt-title"),
    texts={"number": "#acceptance-number", "name": "#receipt-title"},
)

FILING = Page(
    "filing",
    "登记进度",
    ("#filing-no", "#filing-reference", "#status"),
    texts={
        "number": "#filing-no",
        "reference": "#filing-reference",
        "name": "#filing-title",
        "version": "#filing-version",
        "round": "#filing-round",
        "acceptance": "#acceptance-number",
        "serial": "#serial-number",
        "status": "#status",
        "remark": "#remark",
        "certificate": "#certificate-number",
        "certified": "#certificate-date",
    },
    lists={
        "notices": Rows("tr.notice", {"round": "@data-round", "date": ".date", "text": ".text"}, none="#no-notices"),
        "owners": Rows(
            "tr.owner",
            {"name": "@data-name", "center_id": ".center-id"},
            total=_OWNERS_TOTAL,
            blank={"center_id": "the bureau gives it some hours after the draft was saved"},
        ),
    },
    optional={
        "certificate": "it stands there once the certificate is issued, and is asked for then",
        "certified": "it stands beside the certificate's number",
    },
    blank={
        "serial": "the bureau gives it some hours after the confirmation",
        "remark": "the bureau has nothing to remark before its review",
    },
)
TO_CORRECT = "待补正"
CORRECT, CERTIFICATE = "#correct-submit", "#certificate"


def send_code(owner_number: str) -> str:
    return f"#send-code-{owner_number}"


def code_field(owner_number: str) -> str:
    return f"code-{owner_number}"


def owner_field(row: str, name: str) -> str:
    return f"owners-{row}-{name}"


def upload_file(kind: str) -> str:
    return f"#file-{kind}"


def upload_button(kind: str) -> str:
    return f"#upload-{kind}"


MASKED = ", ".join(
    (
        "input[type=password]",
        "#captcha, #captcha-image, [id^=captcha]",
        "#codes input, [id^=code-]",
        "#phone, [id$=-phone], td.phone, [data-echo$=phone], .draft-line + div.flash",
        "[id$=certificate_number], [data-echo$=certificate_number], td.certificate-number",
        "[id$=email], [data-echo$=email]",
        "div.flash:not([id])",
    )
)
"""Password, captcha, code, phone, certificate number, e-mail: covered in every screenshot."""

NUMBERS = re.compile(
    r"(?<![0-9A-Za-z０-９])(?:(?:[0-9０-９][ -]?){10,}[0-9０-９Xx]|(?=[A-Z]*[0-9])[0-9A-Z]{18})(?![0-9A-Za-z０-９])"
)
"""A phone, a card's number or a credit code by its look: covered too, wherever it stands and whatever it is called."""

MASKED_ON_STRANGE_PAGES = f"{MASKED}, input, textarea, select, td, img, p, li"
"""On an unexpected page nobody knows where these stand; headings and labels are enough to recognise it."""

MASK_COLOUR = "#2f4858"
