"""Every selector, heading and masked field of the bureau's pages; when the site changes, this is the file to mend.

In a sheet `css` reads an element's text, `css@name` its attribute, `@name` an attribute of the row itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """What a page must show to be taken for the one that was expected, and what is read from it."""

    name: str
    heading: str
    landmarks: tuple[str, ...] = ()
    texts: Texts = field(default_factory=dict)
    lists: Mapping[str, tuple[str, Texts]] = field(default_factory=dict)


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
        "errors": (
            "ul.errors > li",
            {"text": "", "field": "@data-field", "owner": "@data-owner", "problem": "@data-problem"},
        )
    },
)
"""Read on every page."""

CLOSED, BUSY, MISSING = "closed", "busy", "missing"

LOGIN = Page("login", "用户登录", ("#account", "#password", "#login-submit"))
ACCOUNT, PASSWORD, LOGIN_SUBMIT = "#account", "#password", "#login-submit"
CAPTCHA, CAPTCHA_IMAGE = "#captcha", "#captcha-image"
ELSEWHERE = "其他地点登录"
HOME = Page("home", "首页", ("#account-name",))

_ROW = {"reference": ".reference", "name": ".name", "version": ".version", "round": ".round", "status": ".status"}
DRAFTS = Page("drafts", "我的草稿", ("#search",), lists={"rows": ("tr.draft", {"number": "@data-draft", **_ROW})})
FILINGS = Page("filings", "我的登记", ("#search",), lists={"rows": ("tr.filing", {"number": "@data-filing", **_ROW})})
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
    lists={"materials": ("tr.material", {"kind": "@data-kind", "file": ".file-name", "status": ".status"})},
)
REFRESH = "#refresh"
CHECK = Page(
    "apply-check",
    "核对信息",
    ("#draft-no", "#save"),
    lists={"echo": ("[data-echo]", {"field": "@data-echo", "value": ""})},
)
SAVE = "#save"

DETAIL = Page(
    "draft",
    "登记详情",
    ("#draft-no", "#draft-reference", "#draft-status"),
    texts={
        "status": "#draft-status",
        "agreement": "#agreement-asked",
        "seal": "#seal-status",
        "seal_form": "#seal-form@href",
        "confirm": "#confirm@href",
    },
    lists={
        "owners": (
            "tr.owner",
            {
                "number": "@data-owner",
                "name": "@data-name",
                "center_id": ".center-id",
                "needed": ".code-needed@data-needed",
                "code": ".code-status@data-status",
            },
        ),
        "missing": ("#missing > li", {"what": "@data-missing", "text": ""}),
    },
)
BEING_FILLED, SUBMITTED = "填写中", "已提交"
SAVED, UPLOADED, RECEIVED, NOT_UPLOADED = "已保存", "已上传", "已接收", "未上传"
CODE_SENT, CODES_TAKEN, SEAL_TAKEN = "验证码已发送", "验证码校验通过", "签章页已上传"
STILL_PROCESSED = "材料处理中"
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
    },
    lists={
        "notices": ("tr.notice", {"round": "@data-round", "date": ".date", "text": ".text"}),
        "owners": ("tr.owner", {"name": "@data-name", "center_id": ".center-id"}),
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
        "[id$=certificate_number], [data-echo$=certificate_number]",
        "#email, [data-echo=email]",
        "div.flash:not([id])",
    )
)
"""Password, captcha, code, phone, certificate number, e-mail: covered in every screenshot."""

MASKED_ON_STRANGE_PAGES = f"{MASKED}, input, textarea, select, td, img, p, li"
"""On a page that is not the one expected nobody knows where these stand; headings and labels are enough to tell."""

MASK_COLOUR = "#2f4858"
