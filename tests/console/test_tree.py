"""Every command of the tree: its help, how it is misused, its lists and its fields."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from caseward.console.wording.words import LANGUAGES, Language
from tests.console import tree
from tests.console.outside import standing
from tests.console.transcripts import spoken
from tests.systems import addresses_at

COMMANDS = sorted(tree.commands())
NEEDY = [path for path in COMMANDS if any(param.required for param in tree.options(path))]
WIDTH = 80

SHOWN: dict[tree.Path, tuple[str, ...]] = {
    ("case", "list"): (),
    ("case", "show"): ("RZ-0001",),
    ("case", "why"): ("RZ-0001",),
    ("case", "history"): ("RZ-0001",),
    ("case", "notice"): ("RZ-0001",),
    ("todo",): (),
    ("schedule", "list"): (),
    ("schedule", "show"): ("submitted",),
    ("schedule", "next"): ("submitted",),
    ("schedule", "log"): ("submitted",),
    ("account", "list"): (),
    ("account", "refresh"): ("lanxi-rz-01",),
    ("incident", "list"): (),
    ("incident", "show"): ("ID",),
    ("flow", "check"): (),
    ("system", "list"): (),
    ("system", "check"): (),
    ("party", "list"): (),
    ("party", "show"): ("顾遥岑",),
    ("audit", "verify"): (),
    ("browser", "find"): (),
    ("settings", "list"): (),
    ("calendar", "list"): (),
    ("calendar", "show"): ("bureau",),
    ("sandbox", "clock"): (),
    ("sandbox", "inbox"): ("13800400001",),
    ("sandbox", "faults"): (),
    ("doctor",): (),
}
"""How each command that shows something is called on the staged record."""
DOWNLOADS = ("browser", "install")
LISTS = {
    ("todo",),
    ("case", "list"), ("case", "history"), ("schedule", "list"), ("schedule", "next"), ("schedule", "log"),
    ("account", "list"), ("account", "refresh"), ("incident", "list"), ("flow", "check"), ("settings", "list"),
    ("system", "list"), ("system", "check"),
    ("calendar", "list"), ("party", "list"),
    ("sandbox", "inbox"), ("sandbox", "faults"), ("doctor",),
}  # fmt: skip


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standing(tmp_path_factory.mktemp("outside")) as url:
        yield url


def typed(path: tree.Path, outside: str) -> list[str]:
    """The command as a person would type it here."""
    words = [*path, *SHOWN[path]]
    if path == ("incident", "show"):
        words[-1] = str(json.loads(spoken(["incident", "list", "--json"])[1])["data"][0]["id"])
    return [*words, *(("--url", outside) if path[0] == "sandbox" else ())]


def names(path: tree.Path) -> str:
    return " ".join(path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COMMANDS, ids=names)
def test_help_fits_eighty_columns_and_tells_what_every_option_is_for(
    path: tree.Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWARD_LANG", language)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    code, out, err = spoken([*path, "--help"])
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if cell_len(line) > WIDTH] == []
    for param in tree.options(path, language):
        shown = param.opts[0] if param.param_type_name == "option" else param.metavar.split("|")[0]
        assert (param.name, shown in out, bool(param.help)) == (param.name, True, True)
    chinese = re.search(r"[\u4e00-\u9fff]", out.replace("zh-CN", ""))
    assert (chinese is not None) == (language == "zh-CN")


@pytest.mark.parametrize("path", tree.groups(), ids=names)
def test_a_group_shows_what_is_in_it_and_a_mistyped_command_is_two_lines(path: tree.Path) -> None:
    code, out, err = spoken(list(path))
    assert (code, out) == (2, "")
    below = {words[len(path)] for words in COMMANDS if words[: len(path)] == path}
    assert {line.split()[0] for line in err.splitlines() if line.startswith("  ")} >= below
    code, out, err = spoken([*path, "nonsense"])
    assert (code, out, len(err.splitlines())) == (2, "", 2)


def misused(args: list[str], option: str) -> None:
    """Two lines, cause and cure, and as one object for programs; exit code 2."""
    code, out, err = spoken(args)
    assert (code, out) == (2, "")
    cause, cure = err.splitlines()
    assert cause.startswith("error: ")
    assert option in cause
    assert cure.startswith("  cure: ")
    code, out, err = spoken([*args, "--json"])
    error = json.loads(err)["error"]
    assert (code, out, error["code"]) == (2, "", "usage")
    assert (error["detail"], error["hint"]) == (cause.removeprefix("error: "), cure.removeprefix("  cure: "))


@pytest.mark.parametrize("path", COMMANDS, ids=names)
def test_an_option_that_there_is_not_is_named_with_where_to_look(path: tree.Path) -> None:
    misused([*path, "--nonsense"], "--nonsense")


@pytest.mark.parametrize("path", NEEDY, ids=names)
def test_what_is_missing_is_named_with_what_to_write(path: tree.Path) -> None:
    first = next(param for param in tree.options(path) if param.required)
    misused(list(path), first.metavar if first.param_type_name == "argument" else first.opts[0])


def test_every_command_answers_programs_but_those_that_go_on_until_they_are_stopped() -> None:
    assert {path for path in COMMANDS if not tree.takes(path, "--json")} == {
        ("up",), ("worker",), ("beat",), ("sandbox", "start"),
    }  # fmt: skip


def test_every_command_that_shows_something_is_shown_here() -> None:
    assert {path for path in COMMANDS if tree.takes(path, "--fields")} - {DOWNLOADS} == set(SHOWN)


@pytest.mark.parametrize("path", sorted(SHOWN), ids=names)
@pytest.mark.usefixtures("copied")
def test_lists_have_one_shape_and_fields_narrow_what_is_shown(
    path: tree.Path, outside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in addresses_at(outside).items():
        monkeypatch.setenv(name, value)
    args = typed(path, outside)
    code, out, err = spoken([*args, "--json"])
    assert (code, err) == (0, "")
    whole: dict[str, Any] = json.loads(out)
    if path in LISTS:
        assert isinstance(whole["data"], list)
        assert whole["next_cursor"] is None
        rows = whole["data"]
    else:
        rows = [whole]
    assert rows, "an empty list shows no fields"
    known = list(dict.fromkeys(name for row in rows for name in row))
    wanted = known[-1], known[0]
    narrowed = json.loads(spoken([*args, "--fields", ",".join(wanted)])[1])
    shown = narrowed["data"] if path in LISTS else [narrowed]
    assert {tuple(row) for row in shown} == {tuple(dict.fromkeys(wanted))}
    code, out, err = spoken([*args, "--fields", "colour"])
    error = json.loads(err)["error"]
    assert (code, out, error["code"]) == (2, "", "usage")
    assert ("colour" in error["detail"], all(name in error["hint"] for name in known)) == (True, True)


def test_an_empty_list_has_the_same_shape(copied: Path, outside: str) -> None:
    for args in (["case", "list", "--state", "rejected"], ["sandbox", "inbox", "13900000000", "--url", outside]):
        found = json.loads(spoken([*args, "--json"])[1])
        assert (found["data"], found["next_cursor"]) == ([], None)
        assert json.loads(spoken([*args, "--fields", "number"])[1])["data"] == []
