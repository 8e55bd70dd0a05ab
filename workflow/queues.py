"""The names of queues, in which runs and cases wait for a worker that serves them."""

from __future__ import annotations

import re

from workflow.errors import DefinitionError

DEFAULT_QUEUE = "http"
"""Where each sweep begins. Workers of every queue ask the remotes that name this one."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")


def check_queue(where: str, name: str) -> None:
    """Raises DefinitionError where it is no name of a queue."""
    if not NAME.fullmatch(name):
        raise DefinitionError(where, "queue_name", name=repr(name))
