"""No number of a person is told whole, wherever a page or a reply shows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

import pytest
from playwright.async_api import Dialog

from adapters.bureau import selectors as on
from adapters.bureau import site_words
from adapters.bureau.interruptions import Interruptions
from adapters.bureau.seen import Seen, flaw
from adapters.bureau.sign_in import PlaywrightSignIn
from adapters.generator import HttpGenerator, Order
from adapters.generator_contract import Payment, Price, differences, unpaid
from adapters.http import Http
from adapters.personal import LONG, SHORT, without_numbers
from adapters.sms import HttpSms
from tests.adapters.test_answers import MESSAGE, OWN, TITLE, VERSION, remote, written
from tests.house.source import ROOT
from workflow.errors import RemoteError

BUREAU = ROOT / "adapters" / "bureau"
NUMBERS = {"card": "110101199003074258", "phone": "13900000110", "passport": "E1234567", "wide": "１３９００００１１０"}
MEANT = Payment("G1", TITLE, VERSION, 0, Price())


class Dialogue:
    """A dialog that a page opens."""

    type = "alert"

    def __init__(self, message: str) -> None:
        self.message = message

    async def dismiss(self) -> None: ...


@pytest.mark.parametrize("number", NUMBERS.values(), ids=list(NUMBERS))
async def test_a_page_is_told_without_it(number: str) -> None:
    """The heading, the account, the name of the page, a dialog and where the site led told it whole."""
    frame = {"heading": on.FILING.heading, "account": "office-01"}
    seen = [
        Seen("filing", {**frame, "heading": f"请核对 {number}"}, {}),
        Seen("filing", {**frame, "account": number}, {}),
        Seen(number, frame, {}),
    ]
    told = [str(flaw(one, (on.FILING,), "office-01")) for one in seen]
    interruptions = Interruptions()
    await interruptions._answer(cast(Dialog, Dialogue(f"证件 {number} 有误")))
    told += [
        *interruptions.told,
        site_words.shows(number, "D0000001"),
        site_words.status_and_page(200, number),
        site_words.after_the_click(200, number),
        Seen("login", {"notice": f"{number} 已在别处登录"}, {}).told("notice"),
    ]
    assert [one for one in told if number in one or "…" not in one] == []


def order(**changed: Any) -> Order:
    made = Order(
        number="G1", title=TITLE, version=VERSION, round=0, paid=True, ready=False,
        amount=Decimal("300.00"), currency="CNY", payee=Price().payee,
    )  # fmt: skip
    return made.model_copy(update=changed)


@pytest.mark.parametrize("number", [NUMBERS["card"], NUMBERS["phone"]])
async def test_a_remote_is_told_without_it(number: str) -> None:
    """A status that nobody knows, and what a payment says of itself, told it whole."""

    async def why(http: Http) -> str:
        with pytest.raises(RemoteError) as told:
            await (HttpSms(http).delivered("M1") if http.setting == "sms" else HttpGenerator(http).agree(MEANT))
        return str(told.value)

    text = remote(200, written({"message": {**MESSAGE["message"], "status": f"no route to {number}"}}), None)
    text.setting = "sms"
    status = remote(200, written({"order": {**OWN["order"], "status": f"待 {number} 付款"}}), None)
    receipt = {"out_trade_no": "key-1", "status": f"no {number}", "payee": number}
    told = [await why(text), await why(status)]
    told += [str(one) for one in unpaid(order(), receipt, MEANT, "key-1")]
    told += [str(one) for one in differences(order(payee=number), MEANT, ("paid",))]
    assert len(told) == 5
    assert [one for one in told if number in one or "…" not in one] == []


async def test_two_numbers_that_are_told_alike_are_said_to_differ() -> None:
    """A page was of the account 139…10, not of 139…10."""
    one, other = "13900000110", "13911111110"
    seen = Seen("filing", {"heading": on.FILING.heading, "account": one}, {})
    apart = ", which differs in what is left out here"
    assert str(flaw(seen, (on.FILING,), other)).endswith(f"is of the account 139…10, not of 139…10{apart}")
    assert str(site_words.shows(one, other)) == f"the page shows 139…10, not 139…10{apart}"
    assert str(site_words.shows("D0000001", other)) == f"the page shows D0000001, not {other}"
    signing = PlaywrightSignIn(
        cast(Any, None), cast(Any, None), cast(Any, Leased(other)), *cast(Any, (None, None)), person=1
    )
    with pytest.raises(RemoteError, match=f"the account 139…10, not 139…10{apart}"):
        await signing._keep(seen, 1)


class Leased:
    """A seat of this login."""

    def __init__(self, login: str) -> None:
        self.login = login


@pytest.mark.parametrize("pattern", [LONG, SHORT])
def test_the_number_of_a_registration_is_public(pattern: re.Pattern[str]) -> None:
    """A certificate of 202…01 instead of 202…01 was told to nobody's use."""
    assert without_numbers("证书 2026SR0000001号", pattern) == "证书 2026SR0000001号"
    assert without_numbers("2026SR0000001 13900000110", pattern) == "2026SR0000001 139…10"
    assert without_numbers("2026SR13900000110", pattern) == "202…10"


def bare(name: str, source: str) -> Iterator[str]:
    """Where a text of a page goes into a sentence by anything else than `told` or `on_page`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sentence":
            for part in node.keywords:
                yield from (f"{name}:{found.lineno}: {ast.unparse(found)}" for found in _shown(part.value))


def _shown(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id="on_page" | "len")):
            return
        case ast.Call(func=ast.Attribute(attr="text")) | ast.Attribute(value=ast.Name(id="seen"), attr="page"):
            yield cast(ast.expr, node)
        case ast.Subscript(value=ast.Name(id="row" | "owner" | "error" | "filed" | "rows")):
            yield cast(ast.expr, node)
        case _:
            for below in ast.iter_child_nodes(node):
                yield from _shown(below)


def test_no_text_of_a_page_goes_whole_into_a_sentence() -> None:
    assert [found for path in sorted(BUREAU.glob("*.py")) for found in bare(path.name, path.read_text("utf-8"))] == []
    shapes = 'Sentence("a", "{b}{c}{d}", b=repr(seen.text("x")), c=row["y"], d=seen.page)'
    assert len(list(bare("shapes", shapes))) == 3
