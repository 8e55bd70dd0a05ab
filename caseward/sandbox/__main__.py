"""Runs the outside world: python -m caseward.sandbox --port 8701 --data DIR [--world FILE]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import uvicorn

from caseward.sandbox.app import create
from caseward.sandbox.faults import BadFault
from caseward.sandbox.ledger import LedgerBroken
from caseward.sandbox.listener import listen
from caseward.sandbox.scenario import BadWorld


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="python -m caseward.sandbox", description="The outside world of Caseward, simulated."
    )
    asked.add_argument("--port", type=int, default=8701)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--data", type=Path, required=True, help="folder of the ledger")
    asked.add_argument("--world", type=Path, help="world file, read at the first start of a data folder")
    options = asked.parse_args()
    try:
        app = create(options.data, options.world)
    except (BadWorld, BadFault, LedgerBroken, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    try:
        listening = listen(options.host, options.port)
    except OSError as error:
        print(f"sandbox: port {options.port} of {options.host} cannot be had ({error}); name another", file=sys.stderr)
        return 2
    host, port = listening.getsockname()[:2]
    print(f"sandbox: http://{host}:{port}/portal/ over {options.data}", file=sys.stderr, flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listening])
    return 0


if __name__ == "__main__":
    sys.exit(main())
