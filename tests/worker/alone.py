"""An installation of one process that runs until it is interrupted, and says how long it took to end."""

from __future__ import annotations

import sys
import time

from embedded import embedded
from workflow.settings import read_settings


def main(queues: list[str]) -> None:
    began = time.monotonic()
    try:
        with embedded(read_settings(), queues):
            print("ready", flush=True)
            try:
                sys.stdin.read()
            except KeyboardInterrupt:
                began = time.monotonic()
                print("stopping", flush=True)
    except KeyboardInterrupt:
        print("interrupted twice", flush=True)
    print(f"took {time.monotonic() - began:.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1].split(","))
