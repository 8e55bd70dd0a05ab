"""What there is in the outside world: accounts, sessions, drafts, filings, orders, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

BESIDE = ("agreement", "attorney")
"""Materials that are asked of some drafts alone; a correction keeps them."""
CODE_HOLDS = timedelta(hours=10)
CAPTCHA_HOLDS = timedelta(minutes=10)
ORDER_GONE, ORDER_FAULTY, ORDER_AGAIN = "查无此单", "内容有误", "重新生成"
ORDER_TURNS = ("生成失败", "已退款", "已取消", ORDER_GONE, ORDER_FAULTY, ORDER_AGAIN)
"""What may become of an order: the first three are its status then; it is gone, its documents are faulty, or it is made
again."""


@dataclass
class Account:
    login: str
    password: str
    devices: set[str] = field(default_factory=set)
    captcha_due: bool = False
    token: str = ""


@dataclass
class Session:
    token: str
    key: str
    account: str
    device: str
    seen_at: datetime
    ended: str = ""  # elsewhere, logout
    open_draft: str = ""


@dataclass(frozen=True)
class Captcha:
    id: str
    text: str
    sha256: str
    shown_at: datetime


@dataclass(frozen=True)
class Material:
    kind: str
    file_name: str
    sha256: str
    ready_at: datetime
    size: int


@dataclass
class Code:
    """An SMS code of one owner; `state` is sent, voided, rejected or verified."""

    owner: int
    code: str
    sent_at: datetime
    state: str = "sent"
    visible_at: datetime | None = None

    def expired(self, now: datetime) -> bool:
        return self.state == "sent" and now >= self.sent_at + CODE_HOLDS


@dataclass(frozen=True)
class Stamp:
    """Something happened at `at`, and questions show it from `visible_at` on."""

    at: datetime
    visible_at: datetime
    number: str = ""


@dataclass
class Draft:
    id: str
    account: str
    reference: str
    round: int
    created_at: datetime
    visible_at: datetime
    filing: str = ""
    software: dict[str, Any] | None = None
    owners: list[dict[str, str]] | None = None
    applicant: dict[str, Any] | None = None
    materials: dict[str, Material] = field(default_factory=dict)
    former_digests: frozenset[str] = frozenset()
    saved: Stamp | None = None
    first_saved_at: datetime | None = None
    codes: list[Code] = field(default_factory=list)
    seal: Stamp | None = None
    confirmations: list[Stamp] = field(default_factory=list)
    removed: bool = False

    @property
    def full_name(self) -> str:
        return str(self.software["full_name"]) if self.software else ""

    @property
    def version(self) -> str:
        return str(self.software["version"]) if self.software else ""

    @property
    def title(self) -> str:
        return f"{self.full_name} {self.version}" if self.software else ""

    def applicant_name(self) -> str:
        if self.applicant is None:
            return ""
        chosen = self.applicant["applicant"]
        return str(self.applicant["applicant_name"] if chosen == "other" else chosen)

    def code_of(self, owner: int) -> Code | None:
        """The last code that this owner was sent."""
        return next((code for code in reversed(self.codes) if code.owner == owner), None)

    def confirmed(self, now: datetime) -> bool:
        return any(c.visible_at <= now for c in self.confirmations)


@dataclass
class Filing:
    id: str
    account: str
    drafts: list[str]
    number: int
    withdrawn_at: datetime | None = None
    removed: bool = False


@dataclass
class Order:
    id: str
    title: str
    version: str
    round: int
    placed_at: datetime
    visible_at: datetime
    payments: dict[str, Stamp] = field(default_factory=dict)
    finished_at: datetime | None = None
    reference: str = ""
    """The caller's own mark of it."""
    particulars: dict[str, Any] = field(default_factory=dict)
    """Whom and what it is for."""
    turned: str = ""
    """What became of it beside its usual way: one of ORDER_TURNS."""


@dataclass(frozen=True)
class RecordedCode:
    id: str
    title: str
    version: str
    phone: str
    code: str
    entered_at: datetime
    visible_at: datetime


@dataclass(frozen=True)
class Message:
    """A text that a caller handed to the gateway."""

    id: str
    to: str
    text: str
    reference: str
    accepted_at: datetime
    swallowed: bool
    visible_at: datetime


@dataclass(frozen=True)
class Received:
    """A text that lies in a person's inbox."""

    id: str
    at: datetime
    sender: str
    text: str
