"""The written pages are whole: links lead somewhere, both languages say the same, promises name tests that exist."""

from __future__ import annotations

import ast
import re
from urllib.parse import urlsplit

import pytest

from docs.assets.picture import FOLDER, NotDrawn, picture, pictures
from states.accounts import flow as accounts
from tests.docs.pages import Page, page, pages
from tests.house.source import ROOT

PAIRS = [
    (str(path.relative_to(ROOT)).replace(".zh-CN.md", ".md"), str(path.relative_to(ROOT)))
    for path in sorted(found.path for found in pages() if found.path.name.endswith(".zh-CN.md"))
]
PROMISE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
COMMAND = re.compile(r"`((?:make|caseward|python -m) [^`]+)`")


def dead(found: Page) -> list[str]:
    """The links of a page that lead to no file or heading."""
    lost = []
    for link in found.links:
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (found.path.parent / parts.path).resolve() if parts.path else found.path
        if not target.exists() or (parts.fragment and parts.fragment not in Page(target).anchors):
            lost.append(f"{found.path.relative_to(ROOT)} leads to {link}")
    return lost


def test_every_link_leads_to_a_file_and_a_heading_that_exist() -> None:
    assert [line for found in pages() for line in dead(found)] == []


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    index = page("docs/README.md")
    indexes = [index, page("docs/how-to/README.md"), page("docs/how-to/README.zh-CN.md")]
    named = {(each.path.parent / link).resolve() for each in indexes for link in each.links}
    written = {found.path for found in pages() if found.path.is_relative_to(ROOT / "docs")} - {index.path}
    assert written - named == set()


@pytest.mark.parametrize("pair", PAIRS)
def test_both_languages_have_the_same_headings_blocks_and_links(pair: tuple[str, str]) -> None:
    one, other = map(page, pair)
    assert [level for level, _ in one.headings] == [level for level, _ in other.headings]
    assert [(b.language, b.file) for b in one.blocks] == [(b.language, b.file) for b in other.blocks]
    assert len(one.links) == len(other.links)
    assert sorted(COMMAND.findall(one.prose)) == sorted(COMMAND.findall(other.prose))


@pytest.mark.parametrize("pair", PAIRS)
def test_both_languages_show_the_same_code_and_commands(pair: tuple[str, str]) -> None:
    def bare(found: Page) -> list[str]:
        """Blocks as they run: remarks beside commands, and what a command answers in its language, left out."""
        texts = []
        for block in found.blocks:
            text = re.sub(r" +#.*$", "", block.text, flags=re.MULTILINE) if block.language == "sh" else block.text
            answers = block.language == "console" and "caseward" in text
            texts.append(text.partition("\n")[0] if answers else text)
        return texts

    one, other = map(page, pair)
    assert bare(one) == bare(other)


def test_every_promise_names_a_test_that_exists() -> None:
    promised = PROMISE.findall(page("docs/engine.md").text)
    lost = []
    for path, name in promised:
        tree = ast.parse((ROOT / path).read_text("utf-8")) if (ROOT / path).exists() else ast.Module([], [])
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        if name not in functions:
            lost.append(f"{path}::{name}")
    assert promised
    assert lost == []


def test_every_module_that_a_page_tells_to_run_is_there() -> None:
    named = {name for found in pages() for name in re.findall(r"python -m ([\w.]+)", found.prose)}
    there = [ROOT.joinpath(*name.split(".")) for name in sorted(named)]
    assert named
    assert [str(path) for path in there if not path.with_suffix(".py").exists() and not path.is_dir()] == []


def homeless(house: str) -> list[str]:
    """The rooms and the paths of docs/house.md that are not there."""
    lost = []
    for name, rows in re.findall(r"^### (\S+)/\n(.*?)(?=^##)", house, re.MULTILINE | re.DOTALL):
        for cell in re.findall(r"^\| (`[^|]+) \|", rows, re.MULTILINE):
            rooms = [ROOT / name / room for room in re.findall(r"`([\w/]+)`", cell)]
            lost += [str(room) for room in rooms if not room.is_dir() and not room.with_suffix(".py").exists()]
    paths = re.findall(r"`([\w.-]+/[\w./-]*)`", house.partition("## Where to change what")[2].partition("\n## ")[0])
    return [*lost, *(path for path in paths if not (ROOT / path).exists())]


def test_every_room_and_path_of_the_house_is_there() -> None:
    house = page("docs/house.md").text
    assert homeless(house) == []
    moved = house.replace("`backoff`", "`patience`").replace("`workflow/backoff.py`", "`workflow/patience.py`")
    assert homeless(moved) == [str(ROOT / "workflow" / "patience"), "workflow/patience.py"]


def test_the_pictures_are_what_the_table_makes() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.svg")} == dict(pictures())


def test_a_picture_of_another_table_is_refused() -> None:
    with pytest.raises((NotDrawn, ValueError)):
        picture("en", accounts)


def test_a_dead_link_is_seen() -> None:
    written = Page(ROOT / "docs" / "nowhere.md")
    written.__dict__["text"] = "[a](house.md) [b](lost.md) [c](house.md#rules-that-make-check-holds) [d](house.md#lost)"
    assert dead(written) == ["docs/nowhere.md leads to lost.md", "docs/nowhere.md leads to house.md#lost"]
