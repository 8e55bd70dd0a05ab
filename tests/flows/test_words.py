"""Everything of the flows that people read has a word in both languages, and the pages of the flows are fresh."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from babel.messages.pofile import read_po
from pydantic import BaseModel

from caseward.console.commands.system.flow_pages import FLOWS, PAGES, pages
from caseward.console.wording.words import LANGUAGES, LOCALES, Language, Words
from states import accounts
from states.copyright import actions, guards, notices, owners
from workflow.flow.definition import Flow
from workflow.flow.diagram import mermaid, requirements, table
from workflow.flow.functions import name_of

SPEAKING: list[ModuleType] = [guards, owners, actions, accounts]


def of_flow(flow: Flow) -> Iterator[str]:
    """The keys of all that a flow is made of."""
    yield f"flow.{flow.name}"
    for state in flow.states:
        yield f"state.{state.name}"
        if state.waits_for:
            yield f"who.{state.waits_for}"
        if state.incident:
            yield f"incident.{state.name}"
    for _, line in flow.lines():
        yield from (f"guard.{name_of(guard)}" for guard in line.guards)
        yield from (f"action.{done.name}" for done in line.actions)
        yield from (f"learned.{target.removesuffix('+')}" for target in line.learn)
        if line.tell:
            yield f"notice.{name_of(line.tell)}"
        if line.name:
            yield f"line.{line.name}"
        if line.incident:
            yield f"incident.{line.incident}"
    yield from (f"fact.{name}" for name in [*flow.fact, "codes_on_file"])


def said(module: ModuleType) -> Iterator[str]:
    """The keys of what guards see, of whom they wait for, and of the incidents that functions ask for."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("Yes", "No"):
            for word in node.keywords:
                if word.arg == "waits_for":
                    yield f"who.{ast.literal_eval(word.value)}"
                elif word.arg != "until":
                    yield f"seen.{word.arg}"
        elif node.func.id == "NeedsPerson":
            yield f"incident.{ast.literal_eval(node.args[0])}"


def fields(hint: Any) -> Iterator[str]:
    """The keys of an answer's fields, those of the values within it included."""
    if get_origin(hint) in (Union, UnionType, tuple, list):
        for part in get_args(hint):
            yield from fields(part)
    elif isinstance(hint, type) and issubclass(hint, BaseModel):
        for name, field in hint.model_fields.items():
            yield f"seen.{name}"
            yield from fields(field.annotation)


ANSWERS = [get_type_hints(asked.function)["return"] for flow in FLOWS for asked in flow.facts]
NEEDED = sorted(
    {key for flow in FLOWS for key in of_flow(flow)}
    | {key for module in SPEAKING for key in said(module)}
    | {key for answer in ANSWERS for key in fields(answer)}
    | {f"notice.{occasion}" for occasion in get_args(notices.Occasion)}
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_people_read_of_a_flow_has_a_word(language: Language) -> None:
    words = Words(language)
    assert [key for key in NEEDED if key not in words] == []


def test_the_catalogues_hold_the_same_keys() -> None:
    zh, en = (
        [str(message.id) for message in read_po((LOCALES / folder / "LC_MESSAGES" / "caseward.po").open("rb"))]
        for folder in ("zh_CN", "en")
    )
    assert zh == en
    assert len(zh) == len(set(zh))


def test_the_english_words_hold_no_chinese() -> None:
    assert [key for key in NEEDED if any("一" <= letter <= "鿿" for letter in Words("en")(*key.split(".", 1)))] == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_states_own_label_is_its_chinese_word(flow: Flow) -> None:
    assert {str(state.name): state.label for state in flow.states} == {
        str(state.name): Words("zh-CN")("state", str(state.name)) for state in flow.states
    }


def test_a_name_without_a_word_stands_for_itself() -> None:
    assert Words("en")("seen", "叶知棠") == "叶知棠"


def test_a_line_without_a_name_is_called_by_what_it_does() -> None:
    words = Words("en")
    assert words("line", "request_codes") == "Request codes"
    assert words("line", "stay:enter_codes[codes_complete]") == "Hand in the codes"
    assert words("line", "stay:reviews+[review_is_new]") == "a review record"


def test_the_second_code_is_told_under_the_same_word() -> None:
    assert Words("en")("notice", "code_notice/2") == Words("en")("notice", "code_notice")


@pytest.mark.parametrize("name", pages())
def test_the_page_of_a_flow_is_what_its_table_makes(name: str) -> None:
    """The cure where it is stale: python -m caseward.console.commands.system.flow_pages."""
    assert (PAGES / name).read_text("utf-8") == pages()[name]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_diagram_and_table_hold_every_line(flow: Flow) -> None:
    words = Words("en")
    rows = table(flow, words).splitlines()
    finals = [state for state in flow.states if state.final]
    assert len(rows) == 2 + sum(1 for _ in flow.lines()) + len(finals)
    drawn = mermaid(flow, words)
    assert all(f"{state.name} --> {line.dest} :" in drawn for state, line in flow.lines() if line.dest)


def test_the_requirements_of_a_row_are_those_that_its_functions_cite() -> None:
    assert requirements(["sends (R116-R118)", "R44, R7", None]) == ["R7", "R44", "R116", "R117", "R118"]
