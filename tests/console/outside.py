"""The sandbox on a thread, with a clock that stands and a text in an inbox: the outside that the transcripts show."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from caseward.demonstration.outside import free_port
from caseward.sandbox.app import create
from tests.console.stage import SAMPLES

PORT = 8731
NOTICE = {"to": "13800400001", "text": "【山城软件登记】请填写验证码。", "reference": "RZ-0001/codes"}


@contextmanager
def standing(folder: Path) -> Iterator[str]:
    """Its address."""
    port = free_port(PORT)
    app = create(folder, SAMPLES / "world.json", frozen=True)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, name="outside", daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        token = {"authorization": "Bearer sandbox-sms"}
        httpx.post(f"{url}/sms/messages", json=NOTICE, headers=token, trust_env=False).raise_for_status()
        yield url
    finally:
        server.should_exit = True
        thread.join(10)
