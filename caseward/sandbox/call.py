"""One request as a plain value, read whole before anything is decided, so that deciding never waits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

NO_JSON: Any = object()


@dataclass(frozen=True)
class File:
    name: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """`fields` are form fields, `json` is NO_JSON where the body was none."""

    operation: str
    method: str
    path: dict[str, str]
    query: dict[str, str]
    fields: dict[str, list[str]]
    files: dict[str, File]
    json: Any
    body: bytes
    cookies: dict[str, str]
    bearer: str
    content_type: str

    def field(self, name: str) -> str:
        values = self.fields.get(name)
        return values[-1].strip() if values else ""

    def named(self, name: str) -> str:
        """A value of the path, the query or the form, wherever it stands."""
        return self.path.get(name) or self.query.get(name) or self.field(name)


async def read(request: Request, operation: str) -> Call:
    content_type = request.headers.get("content-type", "")
    fields: dict[str, list[str]] = {}
    files: dict[str, File] = {}
    document: Any = NO_JSON
    body = b""
    if "form" in content_type:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = File(value.filename or "", await value.read())
                else:
                    fields.setdefault(name, []).append(value)
    elif request.method in ("POST", "DELETE"):
        body = await request.body()
        try:
            document = json.loads(body)
        except ValueError:
            document = NO_JSON
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return Call(
        operation=operation,
        method=request.method,
        path={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        fields=fields,
        files=files,
        json=document,
        body=body,
        cookies=request.cookies,
        bearer=credentials if scheme.lower() == "bearer" else "",
        content_type=content_type,
    )
