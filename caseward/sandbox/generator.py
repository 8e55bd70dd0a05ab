"""The generation system: orders for a software's materials, found by title and version and by nothing else."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from starlette.responses import Response

from caseward.sandbox.call import Call
from caseward.sandbox.html import pdf_file
from caseward.sandbox.pdf import Text, write
from caseward.sandbox.replies import Invalid, document, error, reply, text
from caseward.sandbox.things import ORDER_AGAIN, ORDER_FAULTY, ORDER_GONE, Order
from caseward.sandbox.world import World

FILES = {"application": "申请表", "source": "源程序", "manual": "说明书"}
SOURCE_PAGES = 4
AMOUNT = "300.00"
LONGEST_REFERENCE = 64


def find_order(world: World, call: Call) -> Response:
    title, version = call.query.get("title"), call.query.get("version")
    if not title or not version:
        raise Invalid("version" if title else "title", "is missing")
    now = world.now()
    found = [
        shown(order, now)
        for order in world.state.orders.values()
        if (world.unfiltered or (order.title, order.version) == (title, version)) and _is_shown(order, now)
    ]
    return reply({"orders": found, "total": len(found)})


def place_order(world: World, call: Call) -> Response:
    """Places an order for whoever asks, a second equal one included."""
    title, version, body = text(call, "title"), text(call, "version"), document(call)
    number, particulars, reference = body.get("round", 0), body.get("particulars", {}), body.get("reference", "")
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise Invalid("round", "is no whole number from 0")
    if not isinstance(particulars, dict):
        raise Invalid("particulars", "is no object")
    if not isinstance(reference, str) or len(reference) > LONGEST_REFERENCE:
        raise Invalid("reference", f"is no text of at most {LONGEST_REFERENCE} characters")
    order = f"G{len(world.state.orders) + 1:07d}"
    about = {"title": title, "version": version, "round": number, "reference": reference, "particulars": particulars}
    world.record("order_placed", order=order, **about)
    return reply({"order": shown(world.state.orders[order], world.now(), own=True)}, 201)


def order(world: World, call: Call) -> Response:
    found = _visible(world, call)
    return reply({"order": shown(found, world.now())}) if found else _unknown(call)


def pay_order(world: World, call: Call) -> Response:
    """The same out_trade_no is answered again; another one is another payment."""
    found = world.state.orders.get(call.path["order"])
    number = text(call, "out_trade_no")
    if found is None:
        return _unknown(call)
    body = document(call)
    if body.get("amount", AMOUNT) != AMOUNT or body.get("currency", "CNY") != "CNY":
        return error(422, "other_amount", f"order {found.id} costs {AMOUNT} CNY")
    repeated = number in found.payments
    if not repeated:
        world.record(
            "order_paid",
            order=found.id,
            out_trade_no=number,
            title=found.title,
            version=found.version,
            round=found.round,
        )
    paid = {"out_trade_no": number, "paid_at": found.payments[number].at.isoformat(), "repeated": repeated}
    return reply({"order": shown(found, world.now(), own=True), "payment": paid})


def order_files(world: World, call: Call) -> Response:
    found = _mixed_up(world, _visible(world, call))
    if found is None:
        return _unknown(call)
    if status(found, world.now()) != "已完成":
        return error(409, "not_finished", f"order {found.id} is {status(found, world.now())}")
    listed = []
    for kind, name in FILES.items():
        content = file(found, kind)
        digest = hashlib.sha256(content).hexdigest()
        listed.append({"kind": kind, "name": f"{name}.pdf", "bytes": len(content), "sha256": digest})
    return reply({"order": found.id, "files": listed})


def order_file(world: World, call: Call) -> Response:
    found, kind = _mixed_up(world, _visible(world, call)), call.path["kind"]
    if found is None or kind not in FILES:
        return _unknown(call)
    if status(found, world.now()) != "已完成":
        return error(409, "not_finished", f"order {found.id} is {status(found, world.now())}")
    return pdf_file(file(found, kind), f"{FILES[kind]}_{found.title}.pdf")


def status(order: Order, now: datetime, own: bool = False) -> str:
    if order.turned and order.turned not in (ORDER_GONE, ORDER_FAULTY, ORDER_AGAIN):
        return order.turned
    if not any(own or payment.visible_at <= now for payment in order.payments.values()):
        return "未支付"
    return "已完成" if order.finished_at is not None and order.finished_at <= now else "生成中"


def shown(order: Order, now: datetime, own: bool = False) -> dict[str, Any]:
    """`own`: the reply to the call that changed it knows of the change even where questions do not yet."""
    state = status(order, now, own)
    paid = min((payment.at for payment in order.payments.values()), default=None)
    finished = order.finished_at if state == "已完成" else None
    return {
        "id": order.id,
        "title": order.title,
        "version": order.version,
        "round": order.round,
        "status": state,
        "amount": AMOUNT,
        "currency": "CNY",
        "payee": "材料生成服务（模拟）",
        "reference": order.reference,
        "particulars": order.particulars,
        "placed_at": order.placed_at.isoformat(),
        "paid_at": paid.isoformat() if paid is not None and state != "未支付" else None,
        "finished_at": finished.isoformat() if finished is not None else None,
    }


def file(order: Order, kind: str) -> bytes:
    """A small real PDF, another for each order and kind, always the same for one."""
    head = [
        Text(72, 770, f"{order.title} {order.version}", 16),
        Text(72, 740, f"{FILES[kind]} · 生成单号 {order.id} · 第 {order.round} 次补正"),
    ]
    if kind == "source":
        lines = range(1, 41)
        return write(
            [
                [*head, *(Text(72, 710 - n * 15, f"{p * 40 + n:04d}  step_{p * 40 + n}(state)", 10) for n in lines)]
                for p in range(SOURCE_PAGES)
            ]
        )
    version = "V0.0.1" if kind == "manual" and order.turned == ORDER_FAULTY else order.version
    head[0] = Text(72, 770, f"{order.title} {version}", 16)
    return write([[*head, Text(72, 700, f"软件名称：{order.title}"), Text(72, 676, f"版本号：{version}")]])


def _visible(world: World, call: Call) -> Order | None:
    found = world.state.orders.get(call.path["order"])
    return found if found is not None and _is_shown(found, world.now()) else None


def _is_shown(order: Order, now: datetime) -> bool:
    return order.visible_at <= now and order.turned != ORDER_GONE


def _mixed_up(world: World, meant: Order | None) -> Order | None:
    """The order itself; under the fault `of_another` the next finished one of another software, if there is one."""
    finished = [one for one in world.state.orders.values() if status(one, world.now()) == "已完成"]
    others = [one for one in finished if meant is not None and one.title != meant.title]
    return others[-1] if world.of_another and others else meant


def _unknown(call: Call) -> Response:
    return error(404, "not_found", f"no order {call.path['order']}" + ("/" + k if (k := call.path.get("kind")) else ""))
