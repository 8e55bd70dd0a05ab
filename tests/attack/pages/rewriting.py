"""A hand between the sandbox and who asks: it changes the HTML of one page on its way, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Rewriting:
    """While `path` is set, what is got there goes through `change`; the page as it was is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.path = ""
        """A pattern that the whole path must match."""
        self.change: Callable[[str], str] = lambda html: html
        self.original = self.original_path = ""
        self.answers = False
        """Whether the page is changed where it is an answer, and not the page before."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        meant = scope["type"] == "http" and scope["method"] == "GET" and re.fullmatch(self.path, scope["path"])
        if not meant or (b"done=" in scope["query_string"] and not self.answers):
            await self._app(scope, receive, send)
            return
        begin: Message = {}
        body = b""

        async def take(message: Message) -> None:
            nonlocal begin, body
            if message["type"] == "http.response.start":
                begin = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                self.original, self.original_path = body.decode(), scope["path"]
                changed = self.change(self.original).encode()
                headers = [(name, value) for name, value in begin["headers"] if name != b"content-length"]
                await send({**begin, "headers": [*headers, (b"content-length", b"%d" % len(changed))]})
                await send({"type": "http.response.body", "body": changed})

        await self._app(scope, receive, take)
