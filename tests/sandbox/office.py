"""People of the outside world for tests: a clerk with a browser's cookies, and whoever steers the sandbox."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from caseward.sandbox.app import create
from caseward.sandbox.pdf import Text, write

SIGNED = write([[Text(72, 700, "签章页，已签")]])
SOFTWARE = {
    "full_name": "河畔图书借阅管理软件",
    "short_name": "河畔借阅",
    "version": "V1.0",
    "category": "应用软件",
    "work_kind": "原创",
    "development_mode": "单独开发",
    "completion_date": "2026-01-20",
    "publication": "未发表",
    "acquisition": "原始取得",
    "scope": "全部权利",
}
WORDS = "借书、还书、催还；" * 23
"""As many words as the form asks at least."""
LI = {"name": "李河", "certificate_number": "110101199001010015", "phone": "13800000001"}
WANG = {"name": "王畔", "certificate_number": "110101199202020022", "phone": "13000000001"}
APPLICANT = {
    "applicant": "李河",
    "address": "河畔路 1 号",
    "postcode": "100000",
    "contact": "李河",
    "phone": "13800000001",
    "email": "li@example.com",
    "handled_by": "由著作权人申请",
    "development_hardware": "四核处理器，内存 8 GB",
    "running_hardware": "双核处理器，内存 4 GB",
    "development_system": "Linux",
    "development_tools": "Vim",
    "running_system": "Linux",
    "supporting_software": "SQLite",
    "languages": "Python",
    "line_count": "12000",
    "page_count": "60",
    "purpose": "让借阅有据可查",
    "industry": "图书馆",
    "main_functions": WORDS,
    "feature_kinds": ["其他"],
    "technical_features": "离线可用",
    "deposit": "一般交存",
}


@dataclass(frozen=True)
class Seen:
    """A page as somebody sees it."""

    html: str
    url: str
    status: int

    @property
    def page(self) -> str:
        found = re.search(r'<body data-page="([^"]*)"', self.html)
        return found[1] if found else ""

    @property
    def errors(self) -> list[str]:
        block = re.search(r'<ul class="errors">(.*?)</ul>', self.html, re.DOTALL)
        return [unescape(text) for text in re.findall(r"<li[^>]*>([^<]*)</li>", block[1])] if block else []

    def text(self, element: str) -> str:
        found = re.search(rf'id="{element}"[^>]*>([^<]*)<', self.html)
        return unescape(found[1]) if found else ""

    def cell(self, row: str, name: str) -> str:
        """A cell of the row whose opening tag holds `row`."""
        found = re.search(rf"<tr[^>]*{row}[^>]*>(.*?)</tr>", self.html, re.DOTALL)
        cell = re.search(rf'class="{name}"[^>]*>([^<]*)<', found[1]) if found else None
        return unescape(cell[1]) if cell else ""

    def rows(self, attribute: str) -> list[str]:
        return re.findall(rf'<tr[^>]*{attribute}="([^"]*)"', self.html)


@dataclass
class Clerk:
    client: httpx.AsyncClient

    async def get(self, url: str) -> Seen:
        return _seen(await self.client.get(url))

    async def post(self, url: str, **fields: Any) -> Seen:
        return _seen(await self.client.post(url, data=fields or {"submit": "1"}))

    async def upload(self, url: str, content: bytes, **fields: str) -> Seen:
        return _seen(await self.client.post(url, data=fields, files={"file": ("文件.pdf", content)}))

    async def log_in(self, account: str = "office-01", password: str = "right", **fields: str) -> Seen:
        return await self.post("/portal/login", account=account, password=password, **fields)

    async def begin(self, reference: str = "RZ-0001") -> str:
        page = await self.post("/portal/drafts/new", reference=reference)
        return page.text("draft-no")

    async def fill(
        self,
        *owners: Mapping[str, str],
        draft: str = "",
        software: Mapping[str, Any] | None = None,
        applicant: str = "李河",
        round: int = 0,
    ) -> Seen:
        """Pages 1 to 4; `draft` empty leaves it to the session which draft is meant."""
        named = {"draft_id": draft}
        about = {**SOFTWARE, **(software or {})}
        await self.post("/portal/apply/software", reference="RZ-0001", **about, **named)
        rows = {f"owners-{n}-{key}": value for n, o in enumerate(owners or (LI,)) for key, value in _owner(o).items()}
        await self.post("/portal/apply/owners", **rows, **named)
        who = applicant if applicant in [o["name"] for o in owners or (LI,)] else "other"
        page = await self.post("/portal/apply/applicant", **{**APPLICANT, "applicant": who}, **self.agent(who), **named)
        for kind in ("application", "source", "manual"):
            content = write([[Text(72, 700, f"{about['full_name']} {kind} {round}")]])
            page = await self.upload("/portal/apply/materials", content, kind=kind, **named)
        return page

    def agent(self, who: str) -> dict[str, str]:
        return {"applicant_name": "登记代理处"} if who == "other" else {}

    async def __aenter__(self) -> Clerk:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()


class Outside:
    """A sandbox, the control over it, and clerks who come with or without a known device."""

    def __init__(self, folder: Path, world: Mapping[str, Any] | None) -> None:
        self.app = create(folder, world, frozen=True, cut_error=lambda: httpx.ReadError("cut"))
        self.control = self._client()

    def _client(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url="http://bureau.example",
            follow_redirects=True,
            headers=headers,
        )

    def clerk(self, device: str = "desk") -> Clerk:
        clerk = Clerk(self._client())
        if device:
            clerk.client.cookies.set("device", device, domain="bureau.example", path="/portal")
        return clerk

    def api(self, system: str) -> httpx.AsyncClient:
        return self._client(authorization=f"Bearer sandbox-{system}")

    async def at_work(self, account: str = "office-01", device: str = "desk") -> Clerk:
        clerk = self.clerk(device)
        assert (await clerk.log_in(account)).page == "home"
        return clerk

    async def later(self, *, hours: float = 0, seconds: float = 0) -> None:
        moved = await self.control.post("/control/clock", json={"advance_seconds": hours * 3600 + seconds})
        assert moved.status_code == 200

    async def fault(self, operation: str, kind: str, **more: Any) -> None:
        switched = await self.control.post("/control/faults", json={"operation": operation, "kind": kind, **more})
        assert switched.status_code == 201, switched.text

    async def judgement(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.control.get("/control/judgement")).json()
        return found

    async def inbox(self, phone: str) -> list[str]:
        received = (await self.control.get(f"/control/inbox/{phone}")).json()["messages"]
        return [message["text"] for message in received]

    async def code(self, phone: str) -> str:
        found = re.search(r"\d{6}", (await self.inbox(phone))[-1])
        assert found
        return found[0]

    async def saved(self, clerk: Clerk, *owners: Mapping[str, str], **how: Any) -> str:
        """A draft filled and saved."""
        draft = await clerk.begin()
        await clerk.fill(*owners, **how)
        await self.later(seconds=3)
        page = await clerk.post("/portal/apply/check")
        assert page.page == "draft", page.errors
        return draft

    async def confirmed(self, clerk: Clerk, *owners: Mapping[str, str], **how: Any) -> str:
        """A filing whose confirmation the bureau took."""
        draft = await self.saved(clerk, *owners, **how)
        page = await clerk.get(f"/portal/drafts/{draft}")
        for number, owner in enumerate(owners, start=1):
            if page.cell(f'data-owner="{number}"', "code-needed") == "需要":
                await clerk.post(f"/portal/drafts/{draft}/codes/{number}")
                code = await self.code(owner["phone"])
                await clerk.post(f"/portal/drafts/{draft}/codes", **{f"code-{number}": code})
        await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
        receipt = await clerk.post(f"/portal/drafts/{draft}/confirm")
        assert receipt.page == "receipt", receipt.errors
        return receipt.text("filing-no")

    async def __aenter__(self) -> Outside:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.control.aclose()
        self.app.state.world.close()


def _seen(reply: httpx.Response) -> Seen:
    return Seen(reply.text, str(reply.url), reply.status_code)


def _owner(given: Mapping[str, str]) -> dict[str, str]:
    return {
        "kind": "自然人",
        "certificate_kind": "居民身份证",
        "nationality": "中国",
        "province": "北京",
        "city": "北京",
        "phone": "",
        "attribution": "本名",
        **given,
    }
