"""Writes a file for the person at the terminal, never over another."""

from __future__ import annotations

import os
from pathlib import Path

from caseward.console.terminal.complaints import REFUSED, Complaint, Stopped
from caseward.console.wording.texts import Texts


def write_new(texts: Texts, file: Path, content: bytes) -> None:
    """For its owner's eyes alone. Raises Stopped where it is there already, OSError."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
    except FileExistsError as error:
        cause = texts("error.file_exists", name=file)
        raise Stopped(Complaint("file_exists", cause, texts("cure.file_exists"), REFUSED)) from error
