"""Plays a year of an agency and prints one JSON object: python -m tests.year [--matters N] [--seed S] [--kinds A,B]."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog

from tests.year.kinds.table import KINDS
from tests.year.office import Pace
from tests.year.played import play


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.year", description="Plays a year of an agency.")
    asked.add_argument("--matters", type=int, default=300, help="how many matters come in")
    asked.add_argument("--seed", type=int, default=1, help="which year it is")
    asked.add_argument("--kinds", default="", help="only these kinds of fate, as in firm,person")
    asked.add_argument("--waves", type=int, default=6, help="on how many days of the year matters come in")
    said = asked.parse_args()
    names = said.kinds.split(",") if said.kinds else list(KINDS)
    if unknown := [name for name in names if name not in KINDS]:
        asked.error(f"{unknown[0]} is no kind; there are {', '.join(KINDS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="caseward-year-") as folder:
        kinds = [KINDS[name] for name in names]
        figures = asyncio.run(play(Path(folder), kinds, matters=said.matters, seed=said.seed, pace=Pace(said.waves)))
    seconds = {"seconds": round(time.monotonic() - begun, 1), "processor_seconds": round(time.process_time(), 1)}
    print(json.dumps({**figures, **seconds}, ensure_ascii=False), flush=True)
    return 1 if figures["shortcomings"] else 0


if __name__ == "__main__":
    sys.exit(main())
