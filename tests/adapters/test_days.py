"""A day of the bureau is read however its page writes it."""

from datetime import date

import pytest

from adapters.bureau.filings import _read
from adapters.bureau.matter import Matter, correction
from adapters.bureau.seen import Row, Seen
from adapters.days import day_of
from tests.adapters.forms import form
from workflow.errors import Drifted

WRITTEN = [
    "2026-12-01",
    "2026/12/1",
    "2026.12.01",
    "2026年12月1日",
    "２０２６年１２月１日",
    "20261201",
    "2026-12-01 09:30",
]
NONE = ["", "2026", "12/1/2026", "2026-13-01", "2026年2月30日", "明年", "1 2026-12-01"]


def page(**shown: str) -> Seen:
    """A filing that was granted after one correction."""
    texts = {
        "number": "F0000001", "reference": "RZ-0001", "name": "河道巡查软件", "version": "V1.0", "round": "1",
        "acceptance": "SL1", "serial": "", "status": "已发放", "remark": "", "certificate": "2026SR0000001",
        "certified": shown.get("certified", "2026-12-01"),
    }  # fmt: skip
    notice: Row = {"round": "0", "date": shown.get("noticed", "2026-11-01"), "text": "说明书不清楚"}
    return Seen("filing", texts, {"notices": [notice], "owners": [{"name": "林知远"}]})


@pytest.mark.parametrize("written", WRITTEN)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert day_of(written) == date(2026, 12, 1)
    assert _read("RZ-0001", page(certified=written)).certified_on == date(2026, 12, 1)
    assert _read("RZ-0001", page(noticed=written)).notices[0].on == date(2026, 12, 1)


ROW = {"number": "F1", "name": "河道巡查软件", "version": "V1.0"}


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_day_is_none(written: str) -> None:
    with pytest.raises(ValueError):
        day_of(written)


def test_a_certificate_whose_day_cannot_be_read_is_a_certificate() -> None:
    """The grant was hidden by it, from its owners too."""
    filing = _read("RZ-0001", page(certified="待定"))
    assert (filing.certificate_number, filing.certified_on) == ("2026SR0000001", None)


def test_a_notice_needs_its_day() -> None:
    """The time to answer is counted from it."""
    with pytest.raises(Drifted, match=r"notices\.date"):
        _read("RZ-0001", page(noticed="待定"))


def test_a_correction_is_opened_whatever_way_its_page_writes_days() -> None:
    shown = correction(Matter("office-01", "RZ-0001", 2, form("河道巡查软件")), "", page(noticed="2026年11月1日"), ROW)
    assert shown["notices"][0]["date"] == "2026年11月1日"  # type: ignore[index]
