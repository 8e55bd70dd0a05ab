"""The first letters of Chinese words, as people type them to find a name: 学生成绩 by xscj."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

_BOUNDS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
"""The 3755 common characters stand in GB 2312 in the order of their pinyin: where each first letter begins."""
_LETTERS = "abcdefghjklmnopqrstwxyz"
_END = 0xD7F9
_SEVERAL = {
    "重": "zc", "行": "xh", "长": "zc", "乐": "ly", "调": "td", "传": "cz", "藏": "cz", "朝": "cz", "单": "ds",
    "会": "hk", "系": "xj", "都": "d", "曾": "zc", "仇": "cq", "解": "jx", "区": "qo", "查": "cz", "翟": "zd",
    "贾": "jg", "校": "xj", "降": "jx", "盛": "sc", "石": "sd", "车": "cj", "厦": "xs", "参": "cs", "奇": "qj",
}  # fmt: skip
"""Characters that are read in several ways."""
_TYPED = re.compile(r"[a-z]{2,30}")


def may_be_initials(typed: str) -> bool:
    return _TYPED.fullmatch(typed) is not None


def has_initials(word: str, typed: str) -> bool:
    """Whether somewhere in the word characters follow one another that begin so. A rare one begins with any letter."""
    letters = [_letters_of(character) for character in word.lower()]
    return any(
        all(typed[place] in letters[begin + place] for place in range(len(typed)))
        and any(character > "\u2e7f" for character in word[begin : begin + len(typed)])
        for begin in range(len(letters) - len(typed) + 1)
    )


@cache
def _letters_of(character: str) -> str:
    if character <= "\u2e7f":
        return character
    if character in _SEVERAL:
        return _SEVERAL[character]
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return _LETTERS
    return _LETTERS[bisect_right(_BOUNDS, code) - 1] if _BOUNDS[0] <= code < _END + 1 else _LETTERS
