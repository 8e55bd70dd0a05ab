"""`caseward up --reload`: the same, begun again whenever a Python file below this folder changes."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from caseward.console.text.output import complain
from caseward.console.wording.texts import Texts
from workflow.settings import PREFIX


def name_app(place: str) -> None:
    """The system of one's own, for this process and those that it begins."""
    os.environ[f"{PREFIX}APP"] = place


def reloading(texts: Texts) -> int:
    """The same, begun again whenever a Python file below this folder changes."""
    from watchfiles import PythonFilter, run_process

    args = [word for word in sys.argv[1:] if word != "--reload"]
    command = shlex.join([sys.executable, "-c", "from caseward.cli import main; main()", *args])

    def told(changes: set[Any]) -> None:
        names = sorted({os.path.relpath(path) for _, path in changes})
        complain(texts("up.reloading", names=", ".join(names[:3])))

    logging.getLogger("watchfiles").setLevel(logging.ERROR)  # that a process had ended is what the reader saw before
    run_process(Path.cwd(), target=command, target_type="command", watch_filter=PythonFilter(), callback=told)
    return 0
