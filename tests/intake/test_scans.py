"""Papers and pictures at the door: what a reader can open is taken, everything else is named with its cure."""

from __future__ import annotations

import io
import operator
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pypdf import PdfReader

from caseward.console.intake import apart
from caseward.console.intake.scans import pdf_of, picture_of
from caseward.console.terminal.complaints import Complaint, Stopped, complaint_of
from caseward.console.wording.texts import Texts
from tests.intake.papers import harmless, paper, refused_papers, taken_papers
from workflow.files.plain import NotLooked, Unfit
from workflow.intake.gives import Look
from workflow.sentence import Sentence

ROOT = Path(__file__).resolve().parents[2]
REFUSED, TAKEN, HARMLESS = refused_papers(), taken_papers(), harmless()
LANGUAGES = ("en", "zh-CN")


def put(folder: Path, content: bytes, name: str = "paper") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def refusal(file: Path, *, of_picture: bool = False) -> Complaint:
    """What is said in English, once it is known that Chinese has as much to say."""
    said = []
    for language in LANGUAGES:
        with pytest.raises(Stopped) as stopped:
            picture_of(file, Texts(language)) if of_picture else pdf_of([file], Texts(language))  # type: ignore[arg-type]
        said.append(stopped.value.complaint)
    for one in said:
        assert (one.code, one.exit, bool(one.cause), bool(one.cure)) == ("unfit_file", 2, True, True)
    assert said[0].cure != said[1].cure
    return said[0]


@pytest.mark.parametrize("name", TAKEN)
def test_a_paper_that_everybody_can_open_is_taken_whole_and_open(tmp_path: Path, name: str) -> None:
    scan = pdf_of([put(tmp_path, TAKEN[name])], Texts("en"))
    assert scan.pages == 1
    assert scan.content.startswith(b"%PDF-")
    reader = PdfReader(io.BytesIO(scan.content))
    assert not reader.is_encrypted
    assert "一页" in reader.pages[0].extract_text()
    assert reader.pages[0].rotation == (90 if name == "turned" else 0)


@pytest.mark.parametrize("name", REFUSED)
def test_a_paper_that_locks_acts_lacks_or_carries_something_is_refused(tmp_path: Path, name: str) -> None:
    content, said = REFUSED[name]
    begun = monotonic()
    assert said in refusal(put(tmp_path, content)).cause
    assert monotonic() - begun < 100


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_leads_somewhere_is_taken(tmp_path: Path, name: str) -> None:
    assert pdf_of([put(tmp_path, HARMLESS[name])], Texts("en")).content == HARMLESS[name]


def test_several_papers_are_one_in_their_order_locked_or_not(tmp_path: Path) -> None:
    files = [put(tmp_path, TAKEN[name], name) for name in ("turned", "owner-only-aes", "byte-order-mark")]
    scan = pdf_of(files, Texts("en"))
    pages = PdfReader(io.BytesIO(scan.content)).pages
    assert ([page.rotation for page in pages], scan.pages) == ([90, 0, 0], 3)


def test_more_pages_than_a_form_has_are_refused(tmp_path: Path) -> None:
    assert "61 pages" in refusal(put(tmp_path, paper(*map(str, range(61))))).cause


def test_more_than_the_bureau_takes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = put(tmp_path, b"%PDF-1.7\n")
    os.truncate(large, 1 << 30)
    begun = monotonic()
    assert "at most 10485760" in refusal(large).cause
    assert monotonic() - begun < 5


def not_files(folder: Path) -> dict[str, Path]:
    os.mkfifo(folder / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "socket"))
    listening.close()
    (folder / "folder").mkdir()
    (folder / "link").symlink_to("/dev/zero")
    (folder / "round").symlink_to(folder / "round")
    made = {name: folder / name for name in ("pipe", "socket", "folder", "link", "round", "missing")}
    return {**made, "zero": Path("/dev/zero"), "full": Path("/dev/full"), "proc": Path("/proc/self/environ"),
            "memory": Path("/proc/self/mem"), "nul": Path("a\0b"), "long": Path("x" * 5000)}  # fmt: skip


@pytest.mark.parametrize("of_picture", [False, True])
def test_what_is_no_plain_file_is_never_read(tmp_path: Path, of_picture: bool) -> None:
    for name, file in not_files(tmp_path).items():
        begun = monotonic()
        with pytest.raises((Stopped, OSError, ValueError)):
            picture_of(file, Texts("en")) if of_picture else pdf_of([file], Texts("en"))
        assert monotonic() - begun < 5, name


def test_what_it_is_instead_is_said(tmp_path: Path) -> None:
    made = not_files(tmp_path)
    said = {name: refusal(made[name]).cause for name in ("pipe", "socket", "folder", "link", "proc")}
    assert [words.split(" is ", 1)[1] for words in said.values()] == [
        "a pipe, no file", "a socket, no file", "a folder, no file", "a device, no file", "empty",
    ]  # fmt: skip


def test_the_process_apart_reads_only_what_it_needs() -> None:
    """Each file that is handed in begins one: with the engine and its database it would begin a second later."""
    asked = "import sys, caseward.console.intake.apart; print('sqlalchemy' in sys.modules, 'pypdf' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.split() == ["False", "False"]


def looked_by(at: Any) -> Any:
    return apart.looked(Look(at, lambda case: {}), [paper()], {})


def test_a_look_that_fails_blames_no_file() -> None:
    """A division is no look: it fails as a mistake of ours would."""
    with pytest.raises(NotLooked, match="TypeError"):
        looked_by(operator.truediv)
    for language in LANGUAGES:
        complaint = complaint_of(NotLooked(Sentence("look_broke", "x ({why})", why="y")), Texts(language))  # type: ignore[arg-type]
        assert (complaint.code, complaint.exit) == ("not_looked_at", 1)


@pytest.mark.parametrize(
    ("code", "errors", "error"),
    [
        (-signal.SIGXCPU, b"", Unfit), (-signal.SIGSEGV, b"", Unfit), (1, b"MemoryError", Unfit),
        (-signal.SIGKILL, b"", NotLooked), (-signal.SIGTERM, b"", NotLooked), (0, b"", NotLooked),
        (1, b"ModuleNotFoundError: No module named 'numpy'", NotLooked),
    ],
)  # fmt: skip
def test_who_ended_the_process_apart_is_to_blame(code: int, errors: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        apart.answer("paper", code, b"", errors)


def test_a_busy_machine_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0)
    with pytest.raises(NotLooked, match="busy"):
        apart.paper_of([paper()])
