"""Everything of the flows that people read has a word in both languages, and the pages of the flows are fresh."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from babel.messages.pofile import read_po
from pydantic import BaseModel

from caseward.console.commands.system.checks import checked
from caseward.console.commands.system.flow_pages import PAGES, pages
from caseward.console.wording.words import LANGUAGES, LOCALES, Language, Words, catalogue
from states import accounts
from states.copyright import actions, correction, guards, made, notices, orders, owners, review, sealing, standing
from states.copyright.flow import flow as registration
from states.copyright.system import system as copyright_system
from tests.engine.payments import flow as payments
from tests.systems import FLOWS, SYSTEMS
from workflow.flow.definition import Flow, State, To
from workflow.flow.diagram import mermaid, requirements, table
from workflow.flow.functions import name_of

SPEAKING: list[tuple[Flow, ModuleType]] = [
    *(
        (registration, module)
        for module in (guards, orders, correction, made, owners, sealing, standing, review, actions)
    ),
    (accounts.flow, accounts),
]


class Permit(BaseModel, frozen=True):
    plate: str


OWNED = ("state", "guard", "action", "fact", "notice", "learned", "line")
"""Kinds of which each flow has its own words."""
OWN = {language: catalogue(language, copyright_system.words, copyright_system.name) for language in LANGUAGES}
"""The catalogue of the registration."""


def of_flow(flow: Flow) -> Iterator[str]:
    """The keys of all that a flow is made of."""
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
    yield from (f"fact.{name}" for name in [*flow.fact, *(["codes_on_file"] if flow is registration else [])])


def said(module: ModuleType) -> Iterator[str]:
    """The keys of what guards see, of whom they wait for, and of the incidents that functions ask for."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("Yes", "No"):
            for word in node.keywords:
                if word.arg == "waits_for":
                    yield f"who.{ast.literal_eval(word.value)}"
                elif word.arg not in ("until", None):
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


def needed(flow: Flow) -> list[str]:
    """The keys of all that people read of a flow."""
    spoken = {key for of, module in SPEAKING if of is flow for key in said(module)}
    asked = {key for fact in flow.facts for key in fields(get_type_hints(fact.function)["return"])}
    occasions = get_args(notices.Occasion) if flow is registration else ()
    return sorted({*of_flow(flow)} | spoken | asked | {f"notice.{occasion}" for occasion in occasions})


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_people_read_of_a_flow_has_a_word(language: Language, flow: Flow) -> None:
    words = Words(language, flow, systems=SYSTEMS.systems)
    assert [key for key in needed(flow) if key not in words] == []
    assert f"flow.{flow.name}" in words


def test_no_flow_has_the_words_of_another() -> None:
    """States called paid, guards called accepted: two flows may mean other things by them."""
    names = {flow.name for flow in FLOWS}
    assert [key for key in OWN["en"] if key.split(".")[0] in OWNED] == []
    assert {key.split(".")[0] for key in OWN["en"] if key.count(".") == 2} == names
    of = Words("en", systems=SYSTEMS.systems).of
    assert of(payments, "payments")("state", "paid") == "paid", "its label is Chinese"
    assert of(payments, "payments")("guard", "order_paid") == "The order is paid"
    assert of(accounts.flow, "accounts")("guard", "order_paid") == "order_paid"
    assert of(payments, "payments")("fact", "standing") == "How the order stands"


def test_the_consoles_catalogue_has_no_word_of_a_system() -> None:
    """Those stand in the system's own package: states/copyright/locale/."""
    names = {flow.name for flow in FLOWS} | {remote.name for remote in SYSTEMS.remotes.all()}
    assert [key for key in catalogue("en") if names & set(key.split("."))] == []
    assert set(catalogue("en")) & set(OWN["en"]) == set()


def test_the_check_names_by_flow_what_has_no_word() -> None:
    lacking = checked(payments, [], SYSTEMS.systems)["lacking"]
    assert "payments.state.paid (en)" in lacking
    assert "payments.guard.order_paid (zh-CN)" in lacking
    assert [checked(flow, [], SYSTEMS.systems)["lacking"] for flow in FLOWS] == [[], []]


@pytest.mark.parametrize(("folder", "name"), [(LOCALES, "caseward"), (copyright_system.words, copyright_system.name)])
def test_the_catalogues_hold_the_same_keys(folder: Path, name: str) -> None:
    zh, en = (
        [str(message.id) for message in read_po((folder / spoken / "LC_MESSAGES" / f"{name}.po").open("rb"))]
        for spoken in ("zh_CN", "en")
    )
    assert zh == en
    assert len(zh) == len(set(zh))


@pytest.mark.parametrize("words", [catalogue("en"), OWN["en"]], ids=["caseward", "copyright"])
def test_the_english_words_hold_no_chinese(words: Mapping[str, str]) -> None:
    assert [key for key, word in words.items() if any("一" <= letter <= "鿿" for letter in word)] == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_states_own_label_is_its_chinese_word(flow: Flow) -> None:
    assert {str(state.name): state.label for state in flow.states} == {
        str(state.name): OWN["zh-CN"][f"{flow.name}.state.{state.name}"] for state in flow.states
    }


def test_a_name_without_a_word_stands_for_itself() -> None:
    assert Words("en")("seen", "叶知棠") == "叶知棠"


def test_a_line_without_a_name_is_called_by_what_it_does() -> None:
    words = Words("en", registration, systems=SYSTEMS.systems)
    assert words("line", "request_codes") == "Request codes"
    assert words("line", "stay:enter_codes[codes_complete]") == "Hand in the codes"
    assert words("line", "stay:reviews+[review_is_new]") == "a review record"


def test_the_second_code_is_told_under_the_same_word() -> None:
    assert Words("en", registration, systems=SYSTEMS.systems)("notice", "code_notice/2") == "Please fill in your code"


@pytest.mark.parametrize("name", pages(SYSTEMS))
def test_the_page_of_a_flow_is_what_its_table_makes(name: str) -> None:
    """The cure where it is stale: python -m caseward.console.commands.system.flow_pages."""
    assert (PAGES / name).read_text("utf-8") == pages(SYSTEMS)[name]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_diagram_and_table_hold_every_line(flow: Flow) -> None:
    words = Words("en", flow, systems=SYSTEMS.systems)
    rows = table(flow, words).splitlines()
    finals = [state for state in flow.states if state.final]
    assert len(rows) == 2 + sum(1 for _ in flow.lines()) + len(finals)
    drawn = mermaid(flow, words)
    assert all(f"{state.name} --> {line.dest} :" in drawn for state, line in flow.lines() if line.dest)


def test_the_requirements_of_a_row_are_those_that_its_functions_cite() -> None:
    assert requirements(["sends (R116-R118)", "R44, R7", None]) == ["R7", "R44", "R116", "R117", "R118"]


@pytest.mark.parametrize(
    ("recheck", "told"),
    [
        (timedelta(hours=12), "12 h"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(seconds=30), "30 s"),
    ],
)
def test_a_page_says_a_recheck_in_whole_units(recheck: timedelta, told: str) -> None:
    place = StrEnum("place", "wanted given")
    given = State(place.given, "已发", final=True)
    wanted = State(place.wanted, "待办", To(place.given), waits_for="office", recheck=recheck)
    flow = Flow("permits", 1, Permit, [wanted, given])
    assert f"recheck {told} |" in table(flow, lambda kind, name: name)
