"""The page of a draft says whether it has the cooperation agreement: what is due there follows from what we hold."""

from __future__ import annotations

import pytest

from adapters.bureau.matter import Matter, detail
from adapters.bureau.seen import Seen
from tests.adapters.forms import form, pdf, person


@pytest.mark.parametrize(
    ("held", "said", "due"),
    [
        (False, "不需要", "不需要"),
        (False, "待上传", "待上传"),
        (False, "已上传", "不需要"),
        (True, "已上传", "已上传"),
        (True, "待上传", "待上传"),
        (True, "不需要", "不需要"),
        (True, "作废", "已上传"),
    ],
)
def test_what_is_due_of_the_agreement(held: bool, said: str, due: str) -> None:
    """With one held, a draft that was saved before it came, and was never asked for it, may still say that none is."""
    held_one = pdf("agreement") if held else None
    matter = Matter("office-1", "RZ-0001", 0, form("A", person("顾遥岑", "13800400001"), agreement=held_one))
    seen = Seen("detail", {"agreement": said}, {})
    assert detail(matter, "http://bureau.example", seen)["agreement"] == due
