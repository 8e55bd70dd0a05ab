"""What is handed in at the doors: values, lines and files of every wrong kind, made here and by seed."""

from __future__ import annotations

import json
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.intake.papers import paper, picture, refused_papers, taken_papers
from tests.registration.particulars import owner, row

CARD, PHONE, SECRET = "510000199403172184", "13800400017", "Lx-wuyue-7319"
"""Numbers of people, and a password: what is said about bad input holds none of them whole."""
DEEP = 100_000

VALUES = (
    "", " ", "-", "--", "-1", "0", "1", "99999999999999999999999", "1e309", "NaN", "1.5", "٣", "１２",
    "x" * 100_000, "软" * 30_000, "a\nb", "a\r\nb", "a\tb", "\x1b[2J", "\u202e", "拾光\u3164", "\u2800", "a\u200bb",
    "\U000e0041", "\ufeff", "\udcff", "\udc80abc", "\u0001", "'; drop table cases; --", "%s%n%x", "{0}",
    "{name}", "{name.__class__}", "../../../etc/passwd", "/dev/zero", "~", "*", "$(id)", "`id`", "\\", '"', "[" * DEEP,
    '{"a":' * 20_000, '{"a": NaN}', '{"a": "\\ud800"}', '{"a": 1, "a": 2}', "{}", "null", "true", "2026-02-30",
    "0000-00-00", "99999-01-01", "9999-12-31T23:59:59+00:00", "2026-13-01", "1s", "-5m", "1e99d", "999999999999w",
    "* * * * *", "0 0 31 2 *", "*/0 * * * *", "59 23 29 2 1#6", "Asia/Nowhere", "../UTC", "all", "none", "RZ-9999",
    CARD, f"o{CARD}", PHONE, "http://", "http://[::1", "http://127.0.0.1:99999", "ftp://x", "sweep:", "job:x(", "=",
)  # fmt: skip
LINES = ("", "\n", " \n", "x" * 10_000, "582 104\n", "５８２１０４\n", "5821O4\n", "\u3164\n", "\u202e\n", "a\x00b\n",
         "12\n", "1" * 13 + "\n", CARD + "\n")  # fmt: skip
"""For what is typed unseen."""


def files(folder: Path) -> Iterator[Path]:
    """Every bad or odd file, by its path; what is not to be read at all among them."""
    for name, content in contents().items():
        (folder / name).write_bytes(content)
        yield folder / name
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
    (folder / "link").symlink_to("/dev/zero")
    (folder / "round").symlink_to(folder / "round")
    for size, name in ((1 << 30, "gigabyte.pdf"), (1 << 40, "terabyte.json")):
        (folder / name).touch()
        os.truncate(folder / name, size)
    for name in ("pipe", "socket", "link", "round", "gigabyte.pdf", "terabyte.json", "missing"):
        yield folder / name
    yield from map(Path, ("/dev/zero", "/dev/full", "/dev/null", "/dev/stdin", "/proc/self/mem", "/proc/self/environ",
                          "/proc/kmsg", "/proc/self/fd/0", "/", "x" * 5000))  # fmt: skip


def contents() -> dict[str, bytes]:
    """By name; the names say what is wrong."""
    found = {f"paper-{name}": content for name, (content, _) in refused_papers().items()}
    found |= {f"taken-{name}": content for name, content in taken_papers().items()}
    found |= {f"json-{name}": content for name, content in _json().items()}
    for name, whole in (("pdf", paper()), ("png", picture()), ("jpeg", picture(kind="JPEG")), ("json", _rows(row()))):
        found |= {f"{name}-cut-{end}": whole[:end] for end in range(1, len(whole), max(1, len(whole) // 12))}
        found |= {f"{name}-spoilt-{seed}": _spoilt(whole, seed) for seed in range(8)}
    return found


def _spoilt(whole: bytes, seed: int) -> bytes:
    """Bits turned, pieces doubled, dropped or moved."""
    dice, spoilt = random.Random(seed), bytearray(whole)
    for _ in range(dice.randint(1, 20)):
        at, length = dice.randrange(len(spoilt)), dice.randint(1, 40)
        match dice.randrange(4):
            case 0:
                spoilt[at] ^= 1 << dice.randrange(8)
            case 1:
                del spoilt[at : at + length]
            case 2:
                spoilt[at:at] = spoilt[at : at + length]
            case _:
                spoilt[at : at + length] = dice.randbytes(length)
        if not spoilt:
            break
    return bytes(spoilt)


def _rows(*rows: object) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _json() -> dict[str, bytes]:
    card = row(owners=[{**owner(), "certificate_number": CARD}])
    return {
        "card": _rows(card),
        "card-misspelt": _rows(row(owners=[{**owner(), "cert": CARD, "fone": PHONE}])),
        "card-as-owner": _rows(row(owners=CARD)),
        "phone-twice": _rows(row(owners=[{**owner(), "phone": [PHONE, PHONE]}])),
        "password": _rows({"login": "a b", "password": SECRET}),
        "password-misspelt": _rows({"login": "office-09", "pasword": SECRET}),
        "deep": b"[" * DEEP,
        "deep-row": b'[{"a":' + b"[" * 500 + b"]" * 500 + b"}]",
        "empty-rows": b"[" + b",".join([b"{}"] * 500_000) + b"]",
        "wide": b'[{"a": [' + b"1," * 3_000_000 + b"1]}]",
        "long-text": b'[{"full_name": "' + b"x" * 7_000_000 + b'"}]',
        "constants": b'[{"a": NaN, "b": Infinity}]',
        "endless-number": b'[{"source_lines": ' + b"9" * 5000 + b"}]",
        "too-big-a-number": b'[{"source_lines": 1e999}]',
        "name-twice": b'[{"a": 1, "a": 2}]',
        "half-letter": b'[{"full_name": "\\ud800"}]',
        "nothing": b"",
        "zeros": bytes(10_000),
        "latin": b'[{"full_name": "\xe9\xff\xfe"}]',
        "utf-7": b"+AFsAew-",
        "lines": b'{"a": 1}\n{"a": 2}',
        "table": "软件全称,版本号\n甲,乙\n".encode(),
        "blank-title": _rows(row(full_name="\u3164\u2800")),
        "one-object": b"{}",
        "a-word": b'"x"',
    }
