"""The generation system: it makes the three documents that the bureau wants, against an order that is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Literal, Protocol, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.http import Http, unreadable
from workflow.errors import NotSent, Unknown

Shape = TypeVar("Shape", bound=BaseModel)


class Order(BaseModel):
    """An order for the materials of one title, version and round."""

    model_config = ConfigDict(frozen=True)
    number: str
    title: str
    version: str
    round: int
    paid: bool
    ready: bool
    """The documents are finished and can be fetched."""
    amount: Decimal
    """In yuan."""
    twins: int = 1
    """How many orders of this title, version and round there are; more than one is for a person to settle."""


@dataclass(frozen=True)
class Materials:
    """The three documents of one round, as PDF."""

    application: bytes = field(repr=False)
    """申请表"""
    source: bytes = field(repr=False)
    """源程序"""
    manual: bytes = field(repr=False)
    """说明书"""


class Generator(Protocol):
    """It can be asked by title and version and by little else; an order placed twice is two orders."""

    async def find(self, title: str, version: str, round: int) -> Order | None:
        """The oldest order of this round, a paid one before an unpaid one, or None."""

    async def place(self, title: str, version: str, round: int, particulars: Mapping[str, object]) -> Order:
        """A new order, whether or not there is one already."""

    async def pay(self, number: str, *, key: str) -> None:
        """Pay it; the same key pays once, however often it is sent."""

    async def materials(self, number: str) -> Materials:
        """The finished documents; Refused while they are not finished."""


class _Wire(BaseModel):
    """An order as the generation system writes it."""

    model_config = ConfigDict(frozen=True)
    id: str = Field(min_length=1)
    title: str
    version: str
    round: int
    status: Literal["未支付", "生成中", "已完成"]
    amount: Decimal = Field(allow_inf_nan=False)

    def order(self, twins: int = 1) -> Order:
        return Order(
            number=self.id,
            title=self.title,
            version=self.version,
            round=self.round,
            paid=self.status != "未支付",
            ready=self.status == "已完成",
            amount=self.amount,
            twins=twins,
        )


class _Orders(BaseModel):
    orders: tuple[_Wire, ...]


class _Placed(BaseModel):
    order: _Wire


class _Payment(BaseModel):
    out_trade_no: str


class _Paid(_Placed):
    payment: _Payment


class _Document(BaseModel):
    kind: str
    sha256: str


class _Documents(BaseModel):
    files: tuple[_Document, ...]


class HttpGenerator:
    """The generation system over its JSON interface."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def find(self, title: str, version: str, round: int) -> Order | None:
        said = await self._http.ask("find_order", "orders", title=title, version=version)
        orders = self._read("find_order", _Orders, said, write=False).orders
        # the title is what was asked for; should the system ever take it for a part of a name, these are not ours
        ours = [one for one in orders if (one.title, one.version, one.round) == (title, version, round)]
        ours.sort(key=lambda one: one.status == "未支付")
        return ours[0].order(twins=len(ours)) if ours else None

    async def place(self, title: str, version: str, round: int, particulars: Mapping[str, object]) -> Order:
        body = {"title": title, "version": version, "round": round, "particulars": dict(particulars)}
        said = await self._http.write("place_order", "orders", body)
        placed = self._read("place_order", _Placed, said, write=True).order
        if (placed.title, placed.version, placed.round) != (title, version, round):
            raise Unknown(self._http.adapter, "place_order", f"it answered with another order, {placed.id}")
        return placed.order()

    async def pay(self, number: str, *, key: str) -> None:
        said = await self._http.write("pay_order", f"orders/{quote(number, safe='')}/pay", {"out_trade_no": key})
        paid = self._read("pay_order", _Paid, said, write=True)
        if paid.order.id != number or paid.order.status == "未支付" or paid.payment.out_trade_no != key:
            raise Unknown(self._http.adapter, "pay_order", f"the answer does not say that {number} is paid")

    async def materials(self, number: str) -> Materials:
        path = f"orders/{quote(number, safe='')}/files"
        listed = self._read("order_files", _Documents, await self._http.ask("order_files", path), write=False)
        digests = {document.kind: document.sha256 for document in listed.files}
        found: dict[str, bytes] = {}
        for kind in ("application", "source", "manual"):
            content = (await self._http.file("order_file", f"{path}/{kind}")).content
            if sha256(content).hexdigest() != digests.get(kind):
                raise NotSent(self._http.adapter, "order_file", f"{kind} is not the document that was listed")
            found[kind] = content
        return Materials(**found)

    def _read(self, step: str, shape: type[Shape], said: object, *, write: bool) -> Shape:
        try:
            return shape.model_validate(said)
        except ValidationError as error:
            unreadable(self._http, step, error, write=write)
