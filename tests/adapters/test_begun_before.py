"""A no because the same was asked for before settles nothing: our own try before may be done, or be done yet."""

from __future__ import annotations

import pytest

from adapters.http import Http
from adapters.sms import HttpSms
from tests.adapters.test_answers import CALLS, Answer, Call, remote, written
from workflow.errors import Refused, Unknown

UNDER_WAY: dict[str, Answer] = {
    "a conflict": (
        409,
        written({"error": {"code": "in_progress", "message": "it is being handled"}}),
        "application/json",
    ),
    "a conflict without a word": (409, b"", None),
    "locked": (423, b"{}", "application/json"),
    "too early": (425, b"{}", "application/json"),
    "a status of one gateway alone": (460, b"", None),
    "a second one": (400, written({"code": 4009, "msg": "订单号重复"}), "application/json"),
    "in the works": (422, written({"code": "PAY_IN_PROGRESS", "message": "please wait"}), "application/json"),
    "in the works, in Chinese": (403, "<p>支付处理中，请勿重复提交</p>".encode(), "text/html"),
    "done before": (400, written({"message": "this order has already been paid"}), "application/json"),
    "too many, and it goes on": (429, written({"message": "the payment is being processed"}), "application/json"),
    "in a word with a number": (400, written({"message": "duplicate20260302000123"}), "application/json"),
    "in a word with a number, alone": (400, written({"error": "duplicate20260302000123"}), "application/json"),
    "in a word with a number, as a page": (400, b"<p>duplicate20260302000123</p>", "text/html"),
    "behind a message": (
        422,
        written({"message": "cannot be done", "detail": "order already paid"}),
        "application/json",
    ),
    "beside an error": (400, written({"error": "invalid_request", "message": "订单已支付"}), "application/json"),
    "beside an error with its own words": (
        400,
        written({"error": {"code": "E1", "message": "no"}, "message": "重复提交"}),
        "application/json",
    ),
    "in a list of errors": (422, written({"errors": [{"code": "E1", "text": "重复提交"}]}), "application/json"),
    "inside of data": (400, written({"code": 7, "data": {"order": {"state": "支付中"}}}), "application/json"),
    "by a name that is true": (422, written({"code": 7, "duplicate": True}), "application/json"),
    "at the beginning of a word of its own": (
        422,
        written({"code": 7, "message": "no", "hint": "processing, wait"}),
        "application/json",
    ),
    "with a key twice": (422, b'{"code": 1, "code": 2, "msg": "\\u5904\\u7406\\u4e2d"}', "application/json"),
    "cut off": (422, b'{"msg": "\\u91cd\\u590d", "da', "application/json"),
    "in no encoding": (422, b'{"msg": "duplicate", "order": "\xff\xff"}', "application/json"),
    "cut off, in GB 18030": (
        400,
        '{"code":1,"msg":"订单已支付","da'.encode("gb18030"),
        "application/json",
    ),
    "with a key twice, in GB 18030": (
        400,
        '{"code":1,"code":2,"msg":"订单已支付"}'.encode("gb18030"),
        "application/json",
    ),
    "in GB 18030 with a byte of no letter": (
        400,
        '{"code":1,"msg":"订单已支付"}'.encode("gb18030")[:-1] + b',"da":"\xff"}',
        "application/json",
    ),
    "as a page in GBK with a byte of no letter": (400, "<p>订单已支付</p>".encode("gbk") + b"\xff", "text/html"),
    "as a page in UTF-8 with a byte of no letter": (400, "<p>订单已支付</p>".encode() + b"\xff", "text/html"),
    "in GB 18030 under another name": (
        400,
        '{"code":1,"msg":"订单已支付"}'.encode("gb18030"),
        "application/json; charset=iso-8859-1",
    ),
    "by a name that holds a number": (422, written({"code": "E7", "duplicate_of": "O1"}), "application/json"),
    "by a name that is one": (422, written({"code": "E7", "duplicate": 1}), "application/json"),
    "by a name that is true in letters": (422, written({"duplicate": "true"}), "application/json"),
    "by a name that is yes": (422, written({"already_paid": "yes"}), "application/json"),
    "by a name that holds a list": (422, written({"errors": {"duplicate": ["order"]}}), "application/json"),
    "below a name that tells of it": (422, written({"pending": {"state": "支付中"}}), "application/json"),
    "behind many words": (400, written({"message": "请稍候。" * 60 + "订单号重复"}), "application/json"),
}
"""A no that may be about our own try before: it may be done, or will be."""
WRITES = [call for call in CALLS if call.writes]


@pytest.mark.parametrize("way", UNDER_WAY)
@pytest.mark.parametrize("call", WRITES, ids=lambda call: str(call.name))
async def test_a_no_because_it_was_begun_before_settles_nothing(call: Call, way: str) -> None:
    """A payment that was in the works was begun three times, under three numbers."""
    with pytest.raises(Unknown):
        await call.make(remote(*UNDER_WAY[way]))


async def test_a_no_of_the_gateway_is_judged_by_its_whole_words() -> None:
    """The very word had lost its middle with the number behind it, and the text was taken for refused."""
    for said in ({"success": False, "message": "duplicate20260302000123"}, {"error": "duplicate20260302000123"}):
        with pytest.raises(Unknown, match="dup…23"):
            await HttpSms(remote(200, written(said), "application/json")).send("13800400001", "t", "r")


async def test_a_no_of_the_gateway_is_judged_by_all_its_words() -> None:
    """The first words alone were judged, and the text was taken for refused."""
    for said in (
        {"success": False, "error": "rejected", "message": "该短信已受理"},
        {"success": False, "data": [{"reason": "duplicate"}]},
    ):
        with pytest.raises(Unknown):
            await HttpSms(remote(200, written(said), "application/json")).send("13800400001", "t", "r")


async def test_a_name_that_is_false_tells_of_nothing() -> None:
    no = {"error": {"code": "balance", "message": "余额不足"}}
    for said in (
        {"duplicate": False, "already_paid": None, "pending": "no", "processing": 0},
        {"duplicate": [], "already_paid": {}, "pending": "", "processing": "false"},
    ):
        with pytest.raises(Refused, match="balance: 余额不足"):
            await _write(remote(402, written(no | said), "application/json"))


async def test_what_repeats_our_own_words_tells_of_nothing() -> None:
    """A no that showed the order was unknown for ever, by the title of the software."""
    title = "图像重复检测系统"
    said = {"code": "balance", "message": "余额不足", "order": {"title": title}}
    sent = {"order": {"title": title}}
    with pytest.raises(Refused, match="balance: 余额不足"):
        await remote(402, written(said), "application/json").write("a_step", "things", sent)
    with pytest.raises(Unknown):
        await remote(402, written(said | {"state": "重复"}), "application/json").write("a_step", "things", sent)
    no = {"success": False, "message": "余额不足", "text": "请勿重复登录"}
    with pytest.raises(Refused, match="余额不足"):
        await HttpSms(remote(200, written(no), "application/json")).send("13800400001", "请勿重复登录", "r")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"code": 7, "data": {"order": {"state": "支付中"}}}, "7; it tells of the same begun before: 支付中"),
        ({"code": 7, "duplicate": True}, "7; it tells of the same begun before: duplicate"),
        (
            {"code": 7, "data": "13800138000 已受理"},
            "7; it tells of the same begun before: 138…00 已受理",
        ),
        ({"code": 7, "message": "订单号重复"}, "7: 订单号重复"),
    ],
)
async def test_the_words_that_tell_of_it_are_told(said: dict[str, object], told: str) -> None:
    """A payment was unknown by a word that stood nowhere, and was told as "7"."""
    with pytest.raises(Unknown) as unknown:
        await _write(remote(400, written(said), "application/json"))
    assert unknown.value.why == told
    with pytest.raises(Unknown) as unknown:
        await HttpSms(remote(200, written(said), "application/json")).send("13800400001", "t", "r")
    assert unknown.value.why == told


async def test_a_word_behind_many_others_is_told() -> None:
    said = {"code": 7, "message": "请稍候。" * 60 + "订单号重复"}
    with pytest.raises(Unknown, match=r"before: ….*订单号重复$"):
        await _write(remote(400, written(said), "application/json"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"error": "invalid_request", "message": "号码有误"}, "invalid_request: 号码有误"),
        ({"error": {"code": "E1", "message": "no"}, "message": "余额不足"}, "E1: no: 余额不足"),
        ({"error": {"code": "E1", "message": "余额不足"}, "message": "余额不足"}, "E1: 余额不足"),
        ({"code": 1008, "msg": "余额\n不足"}, "1008: 余额 不足"),
        ({"code": 0}, "0"),
        ({"message": "余额不足"}, "余额不足"),
        ({"code": 1008, "message": "", "msg": "余额不足"}, "1008: 余额不足"),
        ({"code": 1008, "message": " \u3000", "detail": "余额不足"}, "1008: 余额不足"),
        ({"code": "", "errcode": 1008, "msg": "余额不足"}, "1008: 余额不足"),
        ({"error": " ", "code": 1008, "msg": "余额不足"}, "1008: 余额不足"),
    ],
)
async def test_an_error_and_a_message_are_told_together(said: dict[str, object], told: str) -> None:
    """Where an error stood, the message beside it was told to nobody."""
    with pytest.raises(Refused) as refused:
        await _write(remote(402, written(said), "application/json"))
    assert refused.value.why == told


async def _write(http: Http) -> object:
    return await http.write("a_step", "things", {})
