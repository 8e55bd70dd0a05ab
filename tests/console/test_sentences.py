"""Each sentence of the engine has a code; a Chinese reader is told by it, and no English sentence is looked up."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from caseward.console.terminal.complaints import complaint_of
from caseward.console.wording.texts import Texts, sentences
from caseward.console.wording.words import Language, catalogue
from tests.console.conftest import ROOT
from tests.systems import SYSTEMS
from workflow import errors
from workflow.errors import DefinitionError, WorkflowError
from workflow.flaws import FLAWS
from workflow.flow.case import Case
from workflow.flow.definition import Flow, State, To
from workflow.record.places import CASE
from workflow.record.watch import Finding
from workflow.sentence import Sentence, Sentences, machine_said

ROOMS = ("workflow", "adapters", "caseward", "states")
FOREIGN = ("errno.", "value.")
"""Codes of the operating system and of pydantic: what they say in English is theirs."""
ENGLISH = re.compile(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+")
FOREIGN_MADE = ("sentence.py", "settings.py", "errors.py")
"""Where those are made."""
COMMAND = re.compile(r"(caseward|apt-get) [a-z ]+")
"""What is typed is the same in any language."""
PLACES = re.compile(r"\{(\w+)\}")


def made() -> Iterator[tuple[str, ast.Call]]:
    """Every place where a sentence is made, but for those whose code is another program's."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Sentence":
                    continue
                if not (path.name in FOREIGN_MADE and isinstance(node.args[0], ast.JoinedStr)):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


@cache
def spoken() -> dict[str, str]:
    """The English of each code."""
    found = dict[str, str]()
    for code, (what, cure) in FLAWS.items():
        found |= {f"flaw.{code}": what, f"flaw.{code}.cure": cure}
    for place, call in made():
        code, english = (ast.literal_eval(part) for part in call.args)
        assert found.setdefault(code, english) == english, f"{place}: {code} says two things"
        assert sorted(set(PLACES.findall(english))) == sorted(str(part.arg) for part in call.keywords), place
    return found


def said_in(language: Language) -> dict[str, str]:
    """All that the catalogues say, the console's and each system's own."""
    found = dict(sentences(language))
    for system in SYSTEMS.systems:
        if system.words is None:
            continue
        own = {key: text for key, text in catalogue(language, system.words, system.name).items() if key[:5] == "said."}
        assert not own.keys() & found.keys()
        found |= own
    return found


def test_every_code_is_said_in_both_languages_with_the_same_places() -> None:
    en, zh = said_in("en"), said_in("zh-CN")
    assert len(spoken()) > 200
    assert {code: en.get(f"said.{code}") for code in spoken()} == spoken()
    assert [code for code in spoken() if not zh.get(f"said.{code}")] == []
    places = {code: sorted(set(PLACES.findall(english))) for code, english in spoken().items()}
    assert [code for code in spoken() if sorted(set(PLACES.findall(zh[f"said.{code}"]))) != places[code]] == []


def test_the_catalogue_has_no_sentence_that_nobody_says() -> None:
    said = {key.removeprefix("said.") for key in said_in("en") if key.startswith("said.")}
    assert {code for code in said if not code.startswith(FOREIGN)} == set(spoken())


def test_each_flaw_of_a_definition_is_said_somewhere_with_its_parts() -> None:
    named, wrong = set[str](), list[str]()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.name == "flaws.py":
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    named.add(node.value)
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "DefinitionError":
                    continue
                codes = [part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)]
                given = {part.arg for part in node.keywords}
                for code in (str(one) for one in codes if str(one) in FLAWS or len(codes) == 1):
                    places = set(PLACES.findall("".join(FLAWS.get(code, ("{no}", "")))))
                    if None not in given and places != given:
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {code}")
    assert wrong == []
    assert FLAWS.keys() - named == set()


def test_nothing_is_looked_up_by_its_english() -> None:
    assert [key for key in said_in("en") if key.startswith("said.") and not re.fullmatch(r"[\w.]+", key)] == []
    assert not hasattr(Texts, "known")
    english = "it is out of memory"
    assert Texts("zh-CN").told(english) == english, "a text without a code is nobody's to translate"
    assert Texts("zh-CN").told(Sentence("out_memory", english)) == sentences("zh-CN")["said.out_memory"]


def samples() -> list[Sentence]:
    """One of each code, every place filled in."""
    return [
        Sentence(code, english, **dict.fromkeys(PLACES.findall(english), "7")) for code, english in spoken().items()
    ]


FIRST = Sentence("out_memory", "it is out of memory")


def raised() -> dict[str, WorkflowError]:
    """One of each class of workflow/errors.py."""
    by_class: dict[str, Any] = {
        "WorkflowError": (FIRST,),
        "CommandError": (FIRST,),
        "SettingsError": ("CASEWARD_LANG", FIRST, FIRST),
        "DatabaseUnusable": ("caseward.db", FIRST, FIRST),
        "SchemaIsNewer": ("caseward.db", FIRST, FIRST),
        "DiskUnusable": ("caseward.db", FIRST, FIRST),
        "NotFound": ("case", "RZ-0001"),
        "Conflict": ("RZ-0001", FIRST, FIRST),
        "NotStated": ("RZ-0001", FIRST, "post", "post"),
        "NotAllowed": ("RZ-0001", FIRST, FIRST),
        "NotOneOf": ("RZ-0001", "state", "burnt", ["written"]),
        "NotByHand": ("RZ-0001", "cannot_tell", "settle", "post"),
        "NoReason": (3, 8),
        "Fenced": ("RZ-0001", FIRST),
        "NeedsPerson": ("order_twins",),
        "DefinitionError": ("flow x", "no_way_out"),
    }
    found = {}
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, WorkflowError):
            found[name] = kind(*by_class.get(name, ("portal", "save", FIRST)))
    return found


@pytest.mark.parametrize("name", raised())
def test_no_class_of_errors_answers_a_chinese_reader_in_english(name: str) -> None:
    complaint = complaint_of(raised()[name], Texts("zh-CN"))
    told = COMMAND.sub("", f"{complaint.cause}\n{complaint.cure}")
    assert ENGLISH.search(told) is None, told


def test_no_code_answers_a_chinese_reader_in_english() -> None:
    told = {said.code: Texts("zh-CN", SYSTEMS.systems).told(said) for said in samples()}
    assert {code: text for code, text in told.items() if ENGLISH.search(COMMAND.sub("", text))} == {}


def test_a_finding_of_the_audit_is_told_by_its_code() -> None:
    found = Finding(
        "I3", "c", "RZ-0001", CASE, Sentence("not_what_events_say", "{name} is not what its events say", name="state")
    )
    assert Texts("zh-CN").told(found.what) == "state 与记录不符"
    assert Texts("zh-CN").told(found.place) == "题目行"
    assert str(found) == "RZ-0001, case: state is not what its events say"


async def later(case: Case[BaseModel]) -> bool:
    return True


def unprovided(stamp: int) -> bool:
    return stamp > 3


def test_what_a_definition_calls_a_guard_is_told_in_chinese() -> None:
    class Letter(BaseModel, frozen=True):
        to: str = ""

    class S(StrEnum):
        written = "written"
        posted = "posted"

    told = list[str]()
    for guard in (later, unprovided):
        states = [
            State(S.written, "已写", To(S.posted, when=guard), waits_for="office"),  # type: ignore[arg-type]
            State(S.posted, "已寄", final=True),
        ]
        with pytest.raises(DefinitionError) as wrong:
            Flow("letters", version=1, data=Letter, states=states)
        told.append(complaint_of(wrong.value, Texts("zh-CN")).cause)
    assert told == [
        "letters: written: posted[later] 的定义有误，原文：条件 later 是异步的",
        "letters: written: posted[unprovided]：条件 unprovided 的定义有误，原文：没有任何东西提供 stamp",
    ]


def test_a_part_may_be_a_sentence_and_is_told_too() -> None:
    why = Sentence("folder", "folder")
    said = Sentence("no_file", "is a {kind}, no file", kind=why)
    assert (said, Texts("zh-CN").told(said)) == ("is a folder, no file", "是 文件夹，不是文件")


def test_what_a_systems_remote_says_stands_in_the_systems_own_catalogue() -> None:
    busy = Sentence("site_busy", "the site says that it is busy")
    assert Texts("zh-CN", SYSTEMS.systems).told(busy) == "网站提示系统繁忙"
    assert Texts("zh-CN").told(busy) == "the site says that it is busy", "nobody has read the systems yet"
    assert "said.site_busy" not in sentences("zh-CN")


def test_several_sentences_are_told_one_behind_the_other() -> None:
    said = Sentence(
        "page_not_agreed",
        "the page is not what was agreed on: {differences}",
        differences=Sentences(
            [Sentence("page_lacks", "lacks {part}", part="button '提交'"), Sentence("and_more", "and {n} more", n=2)]
        ),
    )
    assert said == "the page is not what was agreed on: lacks button '提交'; and 2 more"
    assert Texts("zh-CN").told(said) == "页面与约定不符：缺少 button '提交'；另有 2 处"
    assert copy.deepcopy(said).parts == said.parts


def test_a_catalogue_with_other_places_says_the_sentence_as_it_stands() -> None:
    old = Sentence("and_more", "and {many} more", many=2)
    assert Texts("zh-CN").told(old) == "and 2 more"


def test_what_a_sentence_quotes_can_be_written() -> None:
    assert Sentence("it_says", "it says {told}", told="a\x00b") == "it says a\\u0000b"


def test_what_the_machine_says_is_known_by_its_number() -> None:
    error = FileNotFoundError(2, "No such file or directory")
    assert Texts("zh-CN").told(machine_said(error)) == "没有这个文件或文件夹"
    assert complaint_of(error, Texts("en")).cause == "no such file or folder"


def test_a_copy_of_a_sentence_has_its_code_and_its_parts() -> None:
    said = Sentence("line_notes_no_call", "line {n} notes no call", n=7)
    again = copy.deepcopy(said)
    assert (again, again.code, again.parts) == (said, said.code, said.parts)
    assert f"{datetime(2026, 1, 1, tzinfo=UTC):%Y} {said}" == "2026 line 7 notes no call"
