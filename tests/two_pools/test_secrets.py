"""Secrets of several kinds: each has its shape, is kept encrypted, used once, deleted, and told of by its kind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from caseward.app.system_checks import oddities
from caseward.app.systems import Installed, Systems
from tests.console.transcripts import spoken
from tests.two_pools.exports import (
    GUARDED,
    SECRETS,
    SOON,
    Bank,
    Customs,
    Export,
    S,
    Website,
    system,
    with_secrets,
)
from tests.two_pools.test_typed import Typed, exported, typed
from workflow import Case, Codes, CodesOnFile, DefinitionError, No, State, To, Verdict, action
from workflow.engine.secret_entry import SeveralWanted, enter, wanted_secret
from workflow.flow.remotes import Remote
from workflow.record.columns import recordable
from workflow.record.tables import secrets
from workflow.system import System, SystemSettings
from workflow.testing import bench

__all__ = ["typed"]


def test_what_is_recorded_of_codes_alone_is_as_it_was() -> None:
    assert CodesOnFile(unused=frozenset({"ada"})).model_dump(mode="json") == {"unused": ["ada"], "used": {}}
    both = CodesOnFile(others={"pin": CodesOnFile(used={"ada": 1})})
    assert CodesOnFile.model_validate(recordable(both.model_dump(mode="json"))) == both


async def test_an_action_reads_the_secret_of_its_kind_and_uses_it_up(tmp_path: Path) -> None:
    site = Website()
    behind = [Remote(one.name, one.protocol, site) for one in system.remotes if one.part_of is None]
    async with bench(GUARDED, tmp_path, remotes=behind) as at:
        number = await at.open(Export())
        await at.sweep()
        case = (await at.case()).claim.case
        await at.people.enter_code(case, "payer", "123456", kind="tan")
        await at.sweep()
        assert (await at.case()).claim.state == S.declared, "a TAN is no PIN"
        await at.people.enter_code(case, "exporter", "1234", kind="pin")
        await at.run(S.released)
        assert site.secrets == [("declare", "1234"), ("pay", "123456")]
        on_file = (await at.case(number)).claim.codes_on_file
        assert {kind: one.used for kind, one in on_file.others.items()} == {"pin": {"exporter": 1}, "tan": {"payer": 1}}
        said = [event.body for event in await at.events() if event.kind == "noted"]
        assert [(body["secret"], body["code_of"]) for body in said if body] == [("tan", "payer"), ("pin", "exporter")]
        assert "1234" not in json.dumps([event.body for event in await at.events()])
        assert await at.store.verify() is None


@action(repeatable=True, takes=SOON)
async def sign(case: Case[Export], customs: Customs, codes: Codes) -> dict[str, str]:
    """Sign with the exporter's PIN and TAN."""
    pins, tans = await codes.values("pin"), await codes.values("tan")
    return {"declaration": await customs.declare(case.data.goods, f"{pins['exporter']} {tans['exporter']}")}


@action(repeatable=True, takes=SOON)
async def confirm(case: Case[Export], bank: Bank, codes: Codes) -> dict[str, str]:
    """Confirm with another TAN of the exporter."""
    return {"receipt": await bank.pay("D", (await codes.values("tan"))["exporter"])}


def both_given(codes_on_file: CodesOnFile) -> Verdict:
    """The exporter's PIN and TAN are here."""
    return all("exporter" in codes_on_file.of(kind) for kind in ("pin", "tan")) or No(waits_for="exporter")


def next_tan_given(codes_on_file: CodesOnFile) -> Verdict:
    """A TAN of the exporter is here."""
    return "exporter" in codes_on_file.of("tan") or No(waits_for="exporter")


SIGNED = replace(
    GUARDED,
    facts=[],
    states=[
        State(S.declared, "已申报", To(S.to_pay, when=both_given, do=sign), waits_for="exporter"),
        State(S.to_pay, "待缴税", To(S.released, when=next_tan_given, do=confirm), waits_for="exporter"),
        GUARDED.states[-1],
    ],
)
OF_ONE = tuple(replace(one, wanted=lambda case: ["exporter"]) for one in SECRETS)


async def test_two_kinds_of_one_owner_are_asked_for_handed_in_used_and_deleted_apart(tmp_path: Path) -> None:
    site = Website()
    behind = [Remote(one.name, one.protocol, site) for one in system.remotes if one.part_of is None]
    async with bench(SIGNED, tmp_path, remotes=behind) as at:
        await at.open(Export())
        claim = (await at.case()).claim

        async def given(kind: str, typed: str) -> bool:
            return await enter(at.people, claim, wanted_secret(at.plan, claim, OF_ONE, kind, "Eve"), typed)

        with pytest.raises(SeveralWanted, match="name one of: pin, tan"):
            wanted_secret(at.plan, claim, OF_ONE, None, "exporter")
        assert await given("tan", "123456")
        await at.sweep()
        assert (await at.case()).claim.state == S.declared, "the PIN is still to come"
        assert (await given("pin", "12 34"), await given("tan", "123456")) == (True, False)
        await at.sweep()
        on_file = (await at.case()).claim.codes_on_file
        assert {kind: (set(one.unused), one.used) for kind, one in on_file.others.items()} == {
            "pin": (set(), {"exporter": 1}),
            "tan": (set(), {"exporter": 1}),
        }
        assert await given("pin", "4321")
        assert await given("tan", "654321")
        await at.run(S.released)
        assert site.secrets == [("declare", "1234 123456"), ("pay", "654321")]
        on_file = (await at.case()).claim.codes_on_file
        assert (set(on_file.of("pin").unused), on_file.of("pin").used) == ({"exporter"}, {"exporter": 1})
        assert (set(on_file.of("tan").unused), on_file.of("tan").used) == (set(), {"exporter": 2})
        async with at.store.reading() as connection:
            rows = await connection.execute(select(secrets.c.kind).where(secrets.c.sealed.isnot(None)))
            assert rows.scalars().all() == ["pin"], "what was used is deleted, and nothing else"


@pytest.fixture
def number(environment: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed, tmp_path: Path) -> str:
    """A case that wants a PIN of the exporter and a TAN of the payer."""
    monkeypatch.setenv("CASEWARD_APP", "tests.two_pools.exports:with_secrets")
    return exported(tmp_path, typed)


def test_a_secret_is_handed_in_by_its_kind_and_a_wrong_one_is_told_by_it(typed: Typed, number: str) -> None:
    error = typed("case", "code", number, code=2)
    assert ("--owner is missing" in error["detail"], "Eve, ada" in error["hint"]) == (True, True)
    error = typed("case", "code", number, "pin", "--owner", "Eve", code=2, stdin="12\n")
    assert "this is no pin: 2 characters" in error["detail"]
    error = typed("case", "code", number, "pin", "--owner", "ada", code=6)
    assert "no pin of ada is wanted now" in error["detail"]
    error = typed("case", "code", number, "puk", code=2)
    assert ("no secret puk" in error["detail"], error["hint"]) == (True, "one of: pin, tan")
    typed("case", "code", number, "pin", stdin="12 34\n")
    typed("case", "give", number, "tan", "owner=ada", stdin="123456\n")
    history = spoken(["case", "history", number])[1]
    assert ("pin came for Eve" in history, "tan came for ada" in history) == (True, True)
    assert "1234" not in history


def test_a_secret_is_not_taken_from_the_command_line(typed: Typed, number: str) -> None:
    error = typed("case", "give", number, "pin=1234", code=2)
    assert ("pin is secret" in error["detail"], f"caseward case code {number} pin" in error["hint"]) == (True, True)
    error = typed("case", "give", number, "pin", "of=Eve", code=2)
    assert "pin has no part of" in error["detail"]


def test_why_says_which_secret_is_waited_for_and_how_to_hand_it_in(typed: Typed, number: str) -> None:
    lacking = typed("case", "why", number)["secrets"]
    assert lacking == [
        {"kind": "pin", "owner": "exporter", "name": "Eve"},
        {"kind": "tan", "owner": "payer", "name": "ada"},
    ]
    shown = spoken(["case", "why", number])[1]
    assert ("pin of Eve" in shown, f"caseward case code {number} pin --owner Eve" in shown) == (True, True)
    assert "Eve的pin" in spoken(["--lang", "zh", "case", "why", number])[1]
    typed("case", "code", number, "pin", stdin="1234\n")
    assert [one["kind"] for one in typed("case", "why", number)["secrets"]] == ["tan"]


@pytest.mark.parametrize(
    ("app", "error"),
    [("with_mistake", "raised KeyError: 'exporters'"), ("with_one_id", "gave 'exporter', which is no collection")],
)
def test_a_mistake_in_what_is_wanted_is_told_as_the_flows_and_the_rest_is_shown(
    typed: Typed, number: str, monkeypatch: pytest.MonkeyPatch, app: str, error: str
) -> None:
    monkeypatch.setenv("CASEWARD_APP", f"tests.two_pools.exports:{app}")
    told = typed("case", "why", number)
    assert [one["kind"] for one in told["secrets"]] == ["tan"]
    (mistake,) = told["mistakes"]
    assert (mistake["function"], error.partition(" ")[2] in mistake["error"]) == ("wanted of secret pin", True)
    assert "tests.two_pools.exports, line " in mistake["place"]
    for language, said in (("en", "a mistake of the flow"), ("zh", "流程代码的错误")):
        shown = " ".join(spoken(["--lang", language, "case", "why", number])[1].split())
        assert (said in shown, f"caseward case code {number} tan --owner ada" in shown) == (True, True)
    refused = typed("case", "code", number, "pin", code=1, stdin="1234\n")
    assert (error in refused["detail"], "tests.two_pools.exports, line " in refused["hint"]) == (True, True)
    typed("case", "code", number, "tan", stdin="123456\n")


PIN = SECRETS[0]
POOL = system.accounts[0]


def changed(**more: Any) -> System:
    return replace(with_secrets, **more)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"accounts": (*system.accounts, POOL)}, "two pools keep the accounts of customs; make them one"),
        (
            {"accounts": (POOL, replace(system.accounts[1], flow=POOL.flow))},
            "two pools log in by the flow customs_accounts; write a flow for each",
        ),
        ({"flows": system.flows[1:], "secrets": ()}, "keeps the accounts of customs, and no flow works on them"),
        ({"secrets": (PIN, PIN)}, "exports: two secrets are called pin; rename one"),
    ],
)
def test_pools_and_secrets_that_contradict_each_other_are_refused(more: dict[str, Any], what: str) -> None:
    with pytest.raises(DefinitionError, match=what):
        changed(**more)


def test_a_pool_of_a_remote_without_seats_is_refused() -> None:
    class Post:
        """Nobody is entered by an account there."""

    remotes = (*system.remotes, Remote("post", Post, Post()))
    with pytest.raises(DefinitionError, match="keeps the accounts of post, which works on no seats"):
        changed(remotes=remotes, accounts=(replace(POOL, remote="post"),))


def test_accounts_that_no_pool_keeps_are_told_by_system_check() -> None:
    def told(one: System) -> list[str]:
        installed = Installed(one, SystemSettings(), {})
        return [str(said) for said in oddities(Systems((installed,)), installed, {}).warnings]

    said = "exports works on accounts of bank, and no pool keeps them: bring an AccountPool"
    assert said not in told(with_secrets)
    assert said in told(changed(accounts=(POOL,), flows=with_secrets.flows[:2]))


@pytest.mark.parametrize("name", ["captcha", "a pin", "", "x" * 21])
def test_a_name_that_no_secret_may_have_is_refused(name: str) -> None:
    with pytest.raises(DefinitionError, match="no name that a secret may have"):
        replace(PIN, name=name)
