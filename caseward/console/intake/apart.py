"""Looks into files in a process of its own with bounds on time and memory: a bad file ends that process at worst."""

from __future__ import annotations

import importlib
import io
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from workflow.files.plain import NotLooked, Unfit
from workflow.sentence import Sentence, machine_said

if TYPE_CHECKING:  # the process apart takes a second to read what it does not need
    from workflow.intake.gives import Look

SECONDS, LOOKING = 20, 180
"""Of the processor; for a look, which takes a second a page, at 60 pages."""
PATIENCE = 5
"""Seconds of the clock to one of the processor: a machine that is busy with other work is no fault of the file."""
MEGABYTES = 1024
TOLD = 120
"""This many characters of a library's error are shown."""
BY_THE_FILE = frozenset({signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
"""Signals by which a file ends the process: its time is over, or a library broke on it. Others come from elsewhere."""
LIBRARIES = ("pypdf", "pypdfium2", "PIL", "pillow_heif", "openpyxl", "zipfile")
"""Whose errors speak of the file, also where a look finds them."""
CALL = "from caseward.console.intake.apart import main; main()"


def paper_of(contents: Sequence[bytes]) -> tuple[bytes, int]:
    """These PDFs as one, and the number of its pages. Raises Unfit, and NotLooked as each of these does."""
    told, content = _ask("paper", contents)
    return content, int(told["pages"])


def picture_of(content: bytes) -> tuple[bytes, str]:
    """A picture, upright and plain, and its media type. Raises Unfit."""
    told, content = _ask("picture", [content])
    return content, str(told["media_type"])


def looked(look: Look, contents: Sequence[bytes], about: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a look at a file saw. Raises Unfit."""
    said = json.dumps({"module": look.at.__module__, "function": look.at.__qualname__, "about": about})
    return _ask("look", [*contents, said.encode()])[0]


def side_by_side(contents: Sequence[bytes]) -> bytes:
    """A PDF in which a person sees these PDFs beside each other. Raises Unfit."""
    return _ask("compare", contents)[1]


def table_of(content: bytes) -> bytes:
    """The lines of a workbook's first sheet, as JSON. Raises Unfit."""
    return _ask("table", [content])[1]


def _ask(what: str, contents: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
        "PYTHONWARNINGS": "ignore",
        "OPENBLAS_NUM_THREADS": "1",
    }
    sizes, patience = [str(len(content)) for content in contents], PATIENCE * _seconds(what)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", CALL, what, *sizes],
            input=b"".join(contents), capture_output=True, timeout=patience, env=environ, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        why = Sentence("look_took_long", "the machine is busy: {seconds} seconds were not enough", seconds=patience)
        raise NotLooked(why) from None
    except OSError as error:
        raise NotLooked(machine_said(error)) from error
    return answer(what, ended.returncode, ended.stdout, ended.stderr)


def _seconds(what: str) -> int:
    return LOOKING if what == "look" else SECONDS


def answer(what: str, code: int, out: bytes, errors: bytes) -> tuple[dict[str, Any], bytes]:
    """What the process apart says. One that ended by a bound or within a library was ended by the file."""
    line, _, content = out.partition(b"\n")
    if -code in BY_THE_FILE or b"MemoryError" in errors:
        raise Unfit("too_much", seconds=_seconds(what), megabytes=MEGABYTES)
    if code or not line:
        raise NotLooked(_broken((errors.decode(errors="replace").strip().splitlines() or [f"exit {code}"])[-1]))
    told: dict[str, Any] = json.loads(line)
    if why := told.get("broken"):
        raise NotLooked(_broken(why))
    if wrong := told.get("wrong"):
        raise Unfit(wrong, **told["parts"])
    return told, content


def _broken(why: str) -> Sentence:
    return Sentence("look_broke", "the look itself failed ({why})", why=why[:TOLD])


def main() -> None:
    """In the process apart: contents from standard input, a line of JSON and the new content to standard output."""
    what, *sizes = sys.argv[1:]
    _bound(resource.RLIMIT_CPU, _seconds(what))
    _bound(resource.RLIMIT_AS, MEGABYTES << 20)
    _bound(resource.RLIMIT_CORE, 0)
    told, content = _looked(what, [sys.stdin.buffer.read(int(size)) for size in sizes])
    _say(sys.stdout.buffer, told, content)


def _bound(kind: int, most: int) -> None:
    """Set a bound, no higher than the machine's own.

    Where the machine keeps none, the caller's time-out is the only bound.
    """
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (least, hard))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"no bound {kind}: {error}\n")


def _looked(what: str, contents: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    try:
        if what == "table":
            from caseward.console.intake.workbooks import read_workbook

            return {"table": True}, read_workbook(contents[0])
        if what == "look":
            *papers, said = contents
            asked = json.loads(said)
            look = getattr(importlib.import_module(asked["module"]), asked["function"])
            return look(papers, asked["about"]), b""
        if what == "paper":
            from caseward.console.intake.papers import looked_into

            content, pages = looked_into(contents)
            return {"pages": pages}, content
        if what == "compare":
            from adapters.papers.side_by_side import side_by_side

            return {"compared": True}, side_by_side(contents)
        from adapters.papers.pictures import upright

        content, media_type = upright(contents[0])
        return {"media_type": media_type}, content
    except Unfit as unfit:
        return {"wrong": unfit.wrong, "parts": unfit.parts}, b""
    except MemoryError:
        return {"wrong": "too_much", "parts": {"seconds": _seconds(what), "megabytes": MEGABYTES}}, b""
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a bad file, the file is bad
        why = f"{type(error).__name__}: {error}".split("\n")[0][:TOLD]
        # what is looked at was opened whole before: an error that no library raised is the look's own
        own = what in ("look", "compare") and not type(error).__module__.startswith(LIBRARIES)
        if own or isinstance(error, ImportError):
            return {"broken": why}, b""
        return {"wrong": "damaged", "parts": {"why": why}}, b""


def _say(out: BinaryIO | io.BufferedWriter, told: dict[str, Any], content: bytes) -> None:
    out.write(json.dumps(told).encode() + b"\n" + content)
    out.flush()
