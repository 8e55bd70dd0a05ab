"""A Chromium is found where there is one, and where there is none the answer says what was tried and what to do."""

import sys
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from adapters.browser import chromium_search as finding
from adapters.browser.chromium_install import NotInstalled, installed_by_npm, installed_by_playwright, npm_install, run
from adapters.browser.chromium_search import Found, NotFound, cjk_fonts, find, launch
from caseward.console.wording.texts import Texts

pytestmark = pytest.mark.browser


async def test_what_is_found_opens_a_page(chromium: Found) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright, chromium)
        page = await browser.new_page()
        await page.set_content("<h1>计算机软件著作权登记</h1>")
        assert await page.inner_text("h1") == "计算机软件著作权登记"
        assert browser.version == chromium.version
        await browser.close()


async def test_a_chromium_named_in_the_settings_is_used(chromium: Found, tmp_path: Path) -> None:
    async with async_playwright() as playwright:
        path = chromium.executable or playwright.chromium.executable_path
    found = await find(browsers=tmp_path, executable=path)
    assert found == Found("setting", path, chromium.version, chromium.sandboxed)


async def test_a_wrong_setting_is_refused_and_no_other_chromium_takes_its_place(tmp_path: Path) -> None:
    wrong = str(tmp_path / "no-such-chromium")
    answer = await find(browsers=tmp_path, executable=wrong)
    assert isinstance(answer, NotFound)
    assert [(tried.source, tried.executable) for tried in answer.tried] == [("setting", wrong)]
    assert "doesn't exist" in answer.tried[0].reason
    assert Texts("zh-CN").told(answer.cure).startswith(f"在设置中改用 {wrong} 以外的 Chromium")
    assert "name another Chromium in the settings" in str(answer)


async def test_a_program_that_starts_but_is_no_browser_is_not_found(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    answer = await find(browsers=tmp_path, executable=str(program))
    assert isinstance(answer, NotFound)
    assert str(program) in str(answer)


async def test_a_program_that_never_answers_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    program.chmod(0o755)
    answer = await find(browsers=tmp_path, executable=str(program), deadline=0.5)
    assert isinstance(answer, NotFound)
    assert "0.5" in answer.tried[0].reason or "500ms" in answer.tried[0].reason
    assert Texts("zh-CN").told(answer.tried[0].reason) == "0.5 秒内没有打开页面"


async def test_nothing_is_downloaded_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SYSTEM", ("no-chromium-of-this-name",))
    answer = await find(browsers=tmp_path)
    assert list(tmp_path.iterdir()) == []
    if isinstance(answer, NotFound):
        assert [tried.source for tried in answer.tried] == ["playwright"]
        assert "make test" in answer.cure


async def test_a_proof_is_kept_for_the_life_of_the_process(chromium: Found, tmp_path: Path) -> None:
    first = await find(browsers=tmp_path, executable=chromium.executable)
    assert await find(browsers=tmp_path, executable=chromium.executable) is first


def test_what_an_earlier_download_left_is_found_again(tmp_path: Path) -> None:
    assert installed_by_npm(tmp_path) is None
    assert installed_by_playwright(tmp_path) is None
    shells = [tmp_path / f"chromium_headless_shell-{n}" / "linux" / "chrome-headless-shell" for n in (1254, 1255)]
    launcher = tmp_path / "npm-chromium-147.0.0" / "chromium-headless"
    for file in (*shells, launcher):
        file.parent.mkdir(parents=True)
        file.touch()
    assert installed_by_playwright(tmp_path) == str(shells[1])
    assert installed_by_npm(tmp_path) == str(launcher)


async def test_without_npm_the_download_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match=r"npm pack @sparticuz/chromium@.* failed: ") as failed:
        await npm_install(tmp_path / "browsers")
    assert Texts("zh-CN").told(failed.value.said).endswith("失败：未安装 npm 和 node")
    assert not (tmp_path / "browsers").exists()


async def test_a_download_that_hangs_is_ended_at_its_deadline() -> None:
    code, said = await run(sys.executable, "-c", "import threading; threading.Event().wait()", deadline=0.2)
    assert (code, said) == (-1, "not finished within 0.2 s")


async def test_font_files_with_chinese_characters_are_files() -> None:
    assert all(font.is_file() for font in await cjk_fonts())
