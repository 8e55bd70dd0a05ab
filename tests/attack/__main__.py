"""Attacks Caseward at full size and prints a line of JSON for each part: python -m tests.attack [PART ...]."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import sys
import time
from pathlib import Path

import structlog

PARTS = tuple(sorted(file.parent.name for file in Path(__file__).parent.glob("*/full.py")))
"""Each has a coroutine attack(), which returns figures; the list `shortcomings` among them is empty when all held."""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.attack", description="Attacks at full size, part by part.")
    asked.add_argument("part", nargs="*", help=f"{', '.join(PARTS)}; without one all, one after another")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    wrong = 0
    parts = asked.parse_args().part or PARTS
    if unknown := [part for part in parts if part not in PARTS]:
        asked.error(f"{unknown[0]} is no part of it; there are {', '.join(PARTS)}")
    for part in parts:
        begun = time.monotonic()
        figures = asyncio.run(importlib.import_module(f"tests.attack.{part}.full").attack())
        took = round(time.monotonic() - begun, 1)
        print(json.dumps({"part": part, "seconds": took, **figures}, ensure_ascii=False), flush=True)
        wrong += len(figures["shortcomings"])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
