"""JSON replies, their one error shape, and what is asked of a JSON request."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from caseward.sandbox.call import Call
from caseward.sandbox.world import World

Answer = Callable[[World, Call], Response]


class Invalid(Exception):
    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field} {wanted}")
        self.field = field


def reply(document: Any, status: int = 200) -> Response:
    return JSONResponse(document, status)


def error(status: int, code: str, message: str, **more: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, **more}}, status)


def guarded(system: str, answer: Answer) -> Answer:
    """Asks for the system's bearer token, and answers 422 where a value is not what it should be."""

    def checked(world: World, call: Call) -> Response:
        token = world.state.scenario.tokens.get(system, f"sandbox-{system}")
        if not secrets.compare_digest(call.bearer.encode(), token.encode()):
            return error(401, "unauthorized", f"{system} wants Authorization: Bearer and its token")
        return strict(answer)(world, call)

    return checked


def strict(answer: Answer) -> Answer:
    def checked(world: World, call: Call) -> Response:
        try:
            return answer(world, call)
        except Invalid as problem:
            return error(422, "invalid", str(problem), field=problem.field)

    return checked


def text(call: Call, name: str) -> str:
    value = document(call).get(name)
    if not isinstance(value, str) or not value.strip():
        raise Invalid(name, "is missing or no text")
    return value


def document(call: Call) -> dict[str, Any]:
    if not isinstance(call.json, dict):
        raise Invalid("body", "is no JSON object")
    return call.json
