"""Puts the five systems of the sandbox into one application over one world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from caseward.sandbox import control, editing, faults, generator, records, scenario, sms
from caseward.sandbox.clock import portal_open
from caseward.sandbox.html import closed_page, missing_page
from caseward.sandbox.portal import apply, confirm, detail, drafts, filings, login, uploads
from caseward.sandbox.portal.visit import Page, inside
from caseward.sandbox.replies import Answer, guarded, strict
from caseward.sandbox.wire import ConnectionCut, cutting, endpoint
from caseward.sandbox.world import World


class Sandbox(Starlette):
    """A Starlette app that can cut the connection under a request."""

    cut_error: Callable[[], Exception] = ConnectionCut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["sandbox.cut"] = cutting(send, self.cut_error)
        await super().__call__(scope, receive, send)


def create(
    data: Path,
    world: Mapping[str, Any] | Path | None = None,
    *,
    frozen: bool = False,
    cut_error: Callable[[], Exception] = ConnectionCut,
) -> Sandbox:
    """The sandbox on the ledger in `data`; `world` counts at the first start, `frozen` stops its clock."""
    begun = scenario.load(world)
    switched_on = [asdict(faults.parse(document, number)) for number, document in enumerate(begun.faults, start=1)]
    made = World(data, begun, faults=switched_on, frozen=frozen)

    @asynccontextmanager
    async def closing(app: Starlette) -> AsyncIterator[None]:
        yield
        made.close()

    app = Sandbox(routes=_routes(made), lifespan=closing)
    app.cut_error = cut_error
    app.state.world = made
    return app


def _routes(world: World) -> list[Route]:
    def closed(at: World) -> Response | None:
        return None if portal_open(at.now()) else closed_page()

    def portal(path: str, operation: str, answer: Answer, method: str = "GET") -> Route:
        return Route(f"/portal{path}", endpoint(world, operation, answer, closed), methods=[method])

    def page(path: str, operation: str, shown: Page, method: str = "GET") -> Route:
        return portal(path, operation, inside(shown), method)

    def api(system: str, path: str, operation: str, answer: Answer, method: str = "GET") -> Route:
        return Route(path, endpoint(world, operation, guarded(system, answer)), methods=[method])

    def steer(path: str, answer: Answer, method: str = "GET") -> Route:
        return Route(f"/control{path}", endpoint(world, "control", strict(answer)), methods=[method])

    async def not_there(request: Request) -> Response:
        return closed(world) or missing_page()

    return [
        portal("/login", "login_page", login.login_page),
        portal("/login", "login", login.login, "POST"),
        portal("/logout", "logout", login.logout, "POST"),
        portal("/captcha/{captcha}.png", "captcha", login.captcha_image),
        page("/", "home", login.home),
        page("/drafts", "drafts", drafts.drafts),
        page("/drafts/new", "new_draft", drafts.new_draft_page),
        page("/drafts/new", "new_draft", drafts.new_draft, "POST"),
        page("/apply/materials", "upload_material", uploads.upload_material, "POST"),
        page("/apply/check", "save_draft", apply.save_draft, "POST"),
        page("/apply/check", "check_page", apply.check_page),
        page("/apply/{page}", "draft_page", apply.draft_page),
        page("/apply/{page}", "fill_draft", apply.fill_draft, "POST"),
        page("/drafts/{draft}", "draft", detail.draft),
        page("/drafts/{draft}/view", "draft_view", detail.view),
        page("/drafts/{draft}/delete", "delete_draft", drafts.delete_draft, "POST"),
        page("/drafts/{draft}/codes", "enter_codes", detail.enter_codes, "POST"),
        page("/drafts/{draft}/codes/{owner}", "request_code", detail.request_code, "POST"),
        page("/drafts/{draft}/seal.pdf", "seal_form", detail.seal_form),
        page("/drafts/{draft}/seal", "upload_seal", detail.upload_seal, "POST"),
        page("/drafts/{draft}/confirm", "confirm_page", confirm.confirm_page),
        page("/drafts/{draft}/confirm", "confirm", confirm.confirm, "POST"),
        page("/filings", "filings", filings.filings),
        page("/filings/{filing}", "filing", filings.filing),
        page("/filings/{filing}/correct", "correct", filings.correct, "POST"),
        page("/filings/{filing}/withdraw", "withdraw", filings.withdraw, "POST"),
        page("/filings/{filing}/certificate.pdf", "certificate", filings.certificate),
        Route("/portal/{rest:path}", not_there, methods=["GET", "POST"]),
        api("generator", "/generator/orders", "find_order", generator.find_order),
        api("generator", "/generator/orders", "place_order", generator.place_order, "POST"),
        api("generator", "/generator/orders/{order}", "order", generator.order),
        api("generator", "/generator/orders/{order}/pay", "pay_order", generator.pay_order, "POST"),
        api("generator", "/generator/orders/{order}/files", "order_files", generator.order_files),
        api("generator", "/generator/orders/{order}/files/{kind}", "order_file", generator.order_file),
        Route("/records", endpoint(world, "record_page", records.record_page), methods=["GET"]),
        Route("/records", endpoint(world, "record_code", records.record_code), methods=["POST"]),
        api("records", "/records/api/codes", "find_codes", records.find_codes),
        api("sms", "/sms/messages", "sms_send", sms.sms_send, "POST"),
        api("sms", "/sms/messages", "sms_status", sms.sms_list),
        api("sms", "/sms/messages/{message}", "sms_status", sms.sms_status),
        steer("/clock", control.clock),
        steer("/clock", control.move_clock, "POST"),
        steer("/next", control.coming),
        steer("/inbox/{phone}", control.inbox),
        steer("/captcha", control.read_captcha, "POST"),
        steer("/faults", control.list_faults),
        steer("/faults", control.switch_on_fault, "POST"),
        steer("/faults/{name}", control.remove_fault, "DELETE"),
        steer("/kick", control.kick, "POST"),
        steer("/password", control.change_password, "POST"),
        steer("/edit", editing.edit, "POST"),
        steer("/remove", editing.remove, "POST"),
        steer("/plan", control.set_plan, "POST"),
        steer("/orders/{order}", control.turn_order, "POST"),
        steer("/ledger", control.ledger),
        steer("/judgement", control.judgement),
    ]
