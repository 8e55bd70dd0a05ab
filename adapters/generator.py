"""The generation system: it makes the three documents that the bureau wants, against an order that is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Literal, Protocol, TypeVar, get_args
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from adapters.generator_contract import Payment, agree, unpaid, written_sum
from adapters.http import Http, stands_by, unreadable
from adapters.lists import rows
from adapters.names import same_title, same_version
from adapters.numbers import Whole
from adapters.papers.pdf_text import TITLE, VERSION, lacking
from adapters.replies import as_told
from workflow.errors import Drifted, NotSent, Unknown
from workflow.sentence import Sentence, Sentences

ENDED = ("生成失败", "已退款", "已取消")
"""Of an order that comes to nothing any more by itself."""
KINDS = ("application", "source", "manual")
TIMES = frozenset({"placed_at", "paid_at", "finished_at"})
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
    ended: str = ""
    """The system's word for an order that comes to nothing: generation failed, or it was refunded or cancelled."""
    amount: Decimal
    """In yuan, unless the currency says otherwise."""
    # what only a payment goes by is no part of the fact that a look records
    currency: str = Field("", exclude=True)
    payee: str = Field("", exclude=True)
    """Who takes the money."""
    also: tuple[str, ...] = Field((), exclude=True)
    """What else the system says of the order, by its names there; nobody here knows what it means."""
    twins: int = 1
    """How many orders of this title, version and round there are; more than one is for a person to settle."""
    reference: str = ""
    """The mark that whoever placed it gave it; empty where there is none."""
    particulars: Mapping[str, Any] = Field(default_factory=dict, exclude=True, repr=False)
    """Whom and what it is for, as it was placed, as far as the system tells."""
    differs: Mapping[str, Any] = Field(default_factory=dict)
    """In what it is not for the matter in hand, by field: what ours says and what the order says."""


@dataclass(frozen=True)
class Materials:
    """The three documents of one round, as PDF."""

    application: bytes = field(repr=False)
    """申请表"""
    source: bytes = field(repr=False)
    """源程序"""
    manual: bytes = field(repr=False)
    """说明书"""
    unread: tuple[str, ...] = ()
    """Those whose text cannot be read here: nothing in them says whose they are."""


class Generator(Protocol):
    """It can be asked by title and version and by little else; an order placed twice is two orders.

    Several matters may bear one title: whose an order is say its number, its reference and its particulars.
    """

    async def find(self, title: str, version: str, round: int) -> tuple[Order, ...]:
        """All orders of this round, oldest first, whosever they are."""

    async def place(
        self, title: str, version: str, round: int, particulars: Mapping[str, object], *, reference: str = ""
    ) -> Order:
        """A new order, whether or not there is one already. reference: the caller's own mark."""

    async def agree(self, meant: Payment) -> None:
        """Ask for the order anew: Drifted, with each difference, when it is not what is meant to be paid for."""

    async def pay(self, meant: Payment, *, key: str) -> None:
        """Pay for it what it may cost; the same key pays once, however often it is sent."""

    async def materials(self, order: Order) -> Materials:
        """The finished documents; Refused while they are not finished, Drifted where they are another order's."""


class _Named(BaseModel):
    title: str = Field(min_length=1)
    version: str = Field(min_length=1)


class _Wire(BaseModel):
    """An order as the generation system writes it."""

    model_config = ConfigDict(frozen=True, extra="allow")
    id: str = Field(min_length=1)
    title: str
    version: str
    round: Whole
    status: Literal["未支付", "生成中", "已完成", "生成失败", "已退款", "已取消"]
    amount: Annotated[Decimal, BeforeValidator(written_sum), Field(allow_inf_nan=False)]
    currency: Annotated[str, BeforeValidator(str)] = ""
    payee: Annotated[str, BeforeValidator(str)] = ""
    reference: str | None = None
    particulars: dict[str, Any] | None = None

    def order(self) -> Order:
        return Order(
            number=self.id,
            title=self.title,
            version=self.version,
            round=self.round,
            paid=self.status in ("生成中", "已完成"),
            ready=self.status == "已完成",
            ended=self.status if self.status in ENDED else "",
            amount=self.amount,
            currency=self.currency,
            payee=self.payee,
            also=tuple(sorted(set(self.model_extra or ()) - TIMES)),
            reference=self.reference or "",
            particulars=self.particulars or {},
        )


class _Placed(BaseModel):
    order: _Wire


class _Payment(BaseModel):
    model_config = ConfigDict(extra="allow")
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

    async def find(self, title: str, version: str, round: int) -> tuple[Order, ...]:
        said = await self._http.ask("find_order", "orders", fixed=True, title=title, version=version)
        listed = rows(self._http, "find_order", said, "orders", title=title, version=version)
        named = [row for row in listed if self._is_of(row, title, version)]
        if listed and not named:
            why = Sentence("orders_of_other", "the answer is of other software than was asked for")
            raise Drifted(self._http.adapter, "find_order", why)
        orders = [self._order("find_order", row, write=False) for row in named]
        return tuple(one.order() for one in orders if one.round == round)

    async def place(
        self, title: str, version: str, round: int, particulars: Mapping[str, object], *, reference: str = ""
    ) -> Order:
        about = {"title": title, "version": version, "round": round, "reference": reference}
        body = {**about, "particulars": dict(particulars)}
        said = await self._http.write("place_order", "orders", body, fixed=True)
        stands_by(self._http, "place_order", said, "order", write=True)
        placed = self._order("place_order", said.get("order") if isinstance(said, Mapping) else said, write=True)
        if not (self._alike(placed, title, version) and placed.round == round):
            why = Sentence("another_order", "it answered with another order, {order}", order=placed.id)
            raise Unknown(self._http.adapter, "place_order", why)
        return placed.order()

    async def agree(self, meant: Payment) -> None:
        said = await self._http.ask("order", f"orders/{quote(meant.number, safe='')}")
        stands_by(self._http, "order", said, "order", write=False)
        found = self._order("order", said.get("order") if isinstance(said, Mapping) else said, write=False)
        agree(found.order(), meant)

    async def pay(self, meant: Payment, *, key: str) -> None:
        body = {"out_trade_no": key, "amount": str(meant.price.amount), "currency": meant.price.currency}
        said = await self._http.write("pay_order", f"orders/{quote(meant.number, safe='')}/pay", body)
        paid = self._read("pay_order", _Paid, said, write=True)
        stands_by(self._http, "pay_order", said, "order", "payment", write=True)
        receipt = {"out_trade_no": paid.payment.out_trade_no, **(paid.payment.model_extra or {})}
        if wrong := unpaid(paid.order.order(), receipt, meant, key):
            why = Sentence(
                "not_said_paid",
                "the answer does not say that {order} is paid: {wrong}",
                order=meant.number,
                wrong=Sentences(wrong),
            )
            raise Unknown(self._http.adapter, "pay_order", why)

    async def materials(self, order: Order) -> Materials:
        path = f"orders/{quote(order.number, safe='')}/files"
        said = await self._http.ask("order_files", path)
        rows(self._http, "order_files", said, "files", order=order.number)
        listed = self._read("order_files", _Documents, said, write=False)
        digests = {document.kind: document.sha256 for document in listed.files}
        if lacking := [kind for kind in KINDS if kind not in digests]:
            told = ", ".join(lacking)
            why = Sentence("documents_lacking", "the list of documents lacks {lacking}", lacking=told)
            raise Drifted(self._http.adapter, "order_files", why)
        found: dict[str, bytes] = {}
        for kind in KINDS:
            content = (await self._http.file("order_file", f"{path}/{kind}")).content
            if sha256(content).hexdigest() != digests[kind]:
                why = Sentence("not_the_listed", "{kind} is not the document that was listed", kind=kind)
                raise NotSent(self._http.adapter, "order_file", why)
            found[kind] = content
        return Materials(
            **found, unread=tuple([kind for kind in KINDS if not await self._names(order, kind, found[kind])])
        )

    async def _names(self, order: Order, kind: str, content: bytes) -> bool:
        """Whether the text of a document can be read; Drifted where it can, and is about another software."""
        title = TITLE if kind == "application" else "heading"  # a manual may be headed by more than the title
        lacks = await lacking(content, {title: order.title, VERSION: order.version})
        if lacks:
            told = Sentence(
                "document_of_other",
                "{kind} is another software's: its text does not name {title} {version} whole",
                kind=kind,
                title=order.title,
                version=order.version,
            )
            raise Drifted(self._http.adapter, "order_file", told)
        return lacks is not None

    def _read(self, step: str, shape: type[Shape], said: object, *, write: bool) -> Shape:
        try:
            return shape.model_validate(said)
        except ValidationError as error:
            unreadable(self._http, step, error, write=write)

    def _is_of(self, row: Any, title: str, version: str) -> bool:
        """Whether an order is of this software. One that does not say of which it is may be: Drifted."""
        try:
            named = _Named.model_validate(row)
        except ValidationError as error:
            unreadable(self._http, "find_order", error, write=False)
        # the title is what was asked for; should the system ever take it for a part of a name, these are not ours
        return same_title(named.title, title) and same_version(named.version, version)

    def _alike(self, order: _Wire, title: str, version: str) -> bool:
        return same_title(order.title, title) and same_version(order.version, version)

    def _order(self, step: str, row: Any, *, write: bool) -> _Wire:
        word = row.get("status") if isinstance(row, Mapping) else None
        known = get_args(_Wire.model_fields["status"].annotation)
        if isinstance(word, str) and word not in known:
            kind = Unknown if write else Drifted
            told = Sentence(
                "status_of_order",
                "the status of order {order} is {word}; known are {known}",
                order=str(row.get("id")),
                word=repr(as_told(word)[:40]),
                known=", ".join(known),
            )
            raise kind(self._http.adapter, step, told)
        return self._read(step, _Wire, row, write=write)
