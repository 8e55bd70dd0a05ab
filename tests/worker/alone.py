"""An installation of one process that runs until it is interrupted, and says how long it took to end.

lost: both interrupts come while an object goes, where Python prints KeyboardInterrupt and forgets it.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time

from caseward.app.embedded import embedded
from caseward.console.terminal.interrupts import interrupts
from workflow.settings import read_settings


class Going:
    """Is interrupted as it goes."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


async def closed() -> None:
    """Until nobody holds the other end of the standard input."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main(queues: list[str], *, lost: bool) -> None:
    began = time.monotonic()
    with interrupts(lambda: print("interrupted twice", flush=True)) as interrupted, embedded(read_settings(), queues):
        print("ready", flush=True)
        if lost:
            Going()
        try:
            interrupted.run(closed())
        except KeyboardInterrupt:
            began = time.monotonic()
            print("stopping", flush=True)
        if lost:
            Going()
    print(f"took {time.monotonic() - began:.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1].split(","), lost="lost" in sys.argv[2:])
