"""What happens around an irreversible click in a real Chromium: covers, painted words, dialogs, pages that change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.browser.chromium_process import Browser
from adapters.browser.egress import Egress
from adapters.bureau.screen import Screen
from adapters.bureau.sheets import Page
from adapters.bureau.site_words import not_pressed
from adapters.contract import Contract, Each, Line
from caseward.console.wording.texts import Texts
from tests.adapters.test_screen import page
from tests.systems import SYSTEMS
from workflow.errors import Drifted

pytestmark = pytest.mark.browser

FORM, DONE = Page("form", "表单", ("#send",)), Page("done", "完成")
SENT = Contract(
    "send",
    "send",
    (
        Line("title", ""),
        Line("text", "表单", "page-title"),
        Line("form", "post {origin}/done"),
        Line("button", "确认提交", "send"),
        Line("end", "form"),
        Each("scripts", (Line("script", "{script}"),)),
    ),
)
SEND = "<form method=post action=/done><button id=send>确认提交</button></form>"
AT_THE_CLICK = {
    "confirm": ("document.forms[0].onsubmit = () => confirm('撤回并删除申请？')", "撤回并删除申请？"),
    "prompt": ("document.forms[0].onsubmit = () => !!prompt('请输入缴费密码')", "请输入缴费密码"),
    "modal": (
        "document.forms[0].onsubmit = () => { document.body.append('请先勾选同意缴费'); return false }",
        "请先勾选同意缴费",
    ),
    "nothing": ("document.forms[0].onsubmit = () => false", "led nowhere"),
    "another address": (
        "document.forms[0].addEventListener('submit', e => { e.target.action = '/withdraw' })",
        "/withdraw",
    ),
    "another field": (
        "document.getElementById('send').onclick = () =>"
        " document.forms[0].insertAdjacentHTML('beforeend', '<input type=hidden name=withdraw value=1>')",
        "withdraw",
    ),
    "later": (
        "document.forms[0].onsubmit = () => {"
        " if (!confirm('缴费？')) setInterval(() => fetch('/done', {method: 'POST'}), 5300); return false }",
        "缴费？",
    ),
}
BEFORE = {
    "covered by a sheet": (SEND + "<div class=over></div><style>.over { position: fixed; inset: 0 }</style>", "cover"),
    "painted": (SEND + "<style>form::after { content: '¥3,000.00' }</style>", "¥3,000.00"),
    "hidden by a sheet": (SEND + "<style>h1 { visibility: hidden }</style>", "hidden text"),
    "a shadow": (
        SEND + "<div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML = '<p>另收 200 元</p>'</script>",
        "另收 200 元",
    ),
}


class Site:
    """Serves one page, and counts what is posted to it."""

    def __init__(self) -> None:
        self.form = b""
        self.posted = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        self.posted += request.startswith(b"POST")
        body = self.form if b"/form" in request else page("done", "完成")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def site(browser: Browser, content: str) -> AsyncIterator[tuple[Site, Screen, list[str]]]:
    made, steps = Site(), list[str]()

    async def keep(step: str, png: bytes) -> None:
        steps.append(step)

    made.form = page("form", "表单", content)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Egress("127.0.0.1", port) as egress, browser.context(egress.address) as context:
        screen = Screen(await context.new_page(), context, browser, egress, f"http://127.0.0.1:{port}", "", keep)
        await screen.open("open", FORM, "/form")
        yield made, screen, steps
    server.close()


async def gate() -> None:
    """Open."""


@pytest.mark.parametrize("name", BEFORE)
async def test_what_only_a_browser_sees_stops_the_hand(browser: Browser, name: str) -> None:
    content, words = BEFORE[name]
    async with site(browser, content) as (made, screen, steps):
        with pytest.raises(Drifted, match=words):
            await screen.commit("send", SENT.filled({"origin": screen.address, "scripts": []}), gate, DONE)
        assert (made.posted, steps) == (0, ["send"])


@pytest.mark.parametrize("name", AT_THE_CLICK)
async def test_a_click_that_leads_nowhere_says_what_happened(browser: Browser, name: str) -> None:
    """The page's script is known to the contract; what it does at the click is not."""
    script, words = AT_THE_CLICK[name]
    async with site(browser, f"{SEND}<script>{script}</script>") as (made, screen, steps):
        agreed = SENT.filled({"origin": screen.address, "scripts": [{"script": script}]})
        with pytest.raises(Drifted, match=words.replace("？", ".")):
            await screen.commit("send", agreed, gate, DONE)
        assert steps == ["send: before", "send"]
        await screen.open("open", FORM, "/form")  # the old page is closed before anything may pass again
        assert made.posted == 0


async def test_what_cannot_be_pressed_or_filled_in_is_told_in_the_readers_language(browser: Browser) -> None:
    content = (
        '<form method="post" action="/form"><select id="kind"><option>a</option></select>'
        '<input id="box" type="checkbox" disabled><button id="off" disabled>提交</button>'
        '<button id="send">确认提交</button></form>'
    )
    async with site(browser, content) as (made, screen, _):
        with pytest.raises(Drifted) as unfilled:
            await screen.fill("fill", [("name", "text", "b"), ("kind", "text", "b"), ("box", "tick", True)])
        with pytest.raises(Drifted) as unpressed:
            await screen.click("press", "#off", DONE)
        assert made.posted == 0
    told = Texts("zh-CN", SYSTEMS.systems).told
    assert told(unfilled.value.why) == "没有全部填上：页面上没有 name；kind 未接受所填内容；box 无法选定"
    assert told(unpressed.value.why) == "#off 无法点击"
    for word, parts, said in (
        ("reads", {"reads": "删除", "words": "提交"}, "#off 上写的是 删除，应为 提交"),
        ("doubled", {"n": 2}, "#off 出现了 2 次"),
        ("leads", {"to": "get /away", "due": "post /form"}, "#off 将发往 get /away，应为 post /form"),
    ):
        assert told(not_pressed("#off", word, parts)) == said


async def test_a_dialog_that_only_tells_something_does_not_hide_the_answer(browser: Browser) -> None:
    script = "document.forms[0].onsubmit = () => alert('正在提交')"
    async with site(browser, f"{SEND}<script>{script}</script>") as (made, screen, _):
        agreed = SENT.filled({"origin": screen.address, "scripts": [{"script": script}]})
        assert (await screen.commit("send", agreed, gate, DONE)).page == "done"
        assert made.posted == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("document.getElementById('send').textContent = '撤回并删除申请'", "撤回并删除申请"),
        ("document.forms[0].action = '/withdraw'", "/withdraw"),
        ("document.forms[0].innerHTML += '<input type=hidden name=withdraw value=1>'", "withdraw"),
        ("document.getElementById('send').remove()", "lacks button"),
        ("setTimeout(() => alert('会话即将过期'))", "会话即将过期"),
    ],
)
async def test_a_page_that_changes_before_the_click_is_not_clicked_on(
    browser: Browser, change: str, words: str
) -> None:
    """It changes while the gate is asked: the comparison and the photograph lie behind, the click ahead."""
    async with site(browser, SEND) as (made, screen, steps):

        async def meanwhile() -> None:
            await screen._tab.evaluate(f"() => {{ {change} }}")
            await screen._tab.evaluate("() => new Promise((after) => setTimeout(after))")

        with pytest.raises(Drifted, match=words):
            await screen.commit("send", SENT.filled({"origin": screen.address, "scripts": []}), meanwhile, DONE)
        assert made.posted == 0
        assert steps == ["send: before", "send"]
