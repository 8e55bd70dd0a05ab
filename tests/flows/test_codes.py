"""Which of the codes that owners filled in are taken for this request, and which are not."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.code_records import FilledCode
from states.copyright.codes import Sifted, sift
from states.copyright.facts import owner_ids
from states.copyright.proofs import entered
from tests.flows.matters import case, of_round, people

ASKED = datetime(2026, 12, 1, 2, tzinfo=UTC)
PHONES = {"o1": "13800400001", "o2": "18644700002"}


def filled(number: str, phone: str, minutes: int) -> FilledCode:
    return FilledCode(number, phone, "123456", ASKED + timedelta(minutes=minutes))


def sifted(*codes: FilledCode, seen: frozenset[str] = frozenset(), after: int = 600) -> Sifted:
    now = ASKED + timedelta(minutes=after)
    return sift(PHONES, codes, {"o1": ASKED, "o2": ASKED}, seen, now, known=frozenset(PHONES.values()))


def taken(*codes: FilledCode, seen: frozenset[str] = frozenset()) -> dict[str, str]:
    return {owner: code.number for owner, code in sifted(*codes, seen=seen).fresh.items()}


def test_each_owner_gets_the_newest_code_of_his_phone() -> None:
    assert taken(filled("C1", "13800400001", 5), filled("C2", "18644700002", 6), filled("C3", "13800400001", 7)) == {
        "o1": "C3",
        "o2": "C2",
    }


def test_a_code_from_before_the_request_is_not_taken() -> None:
    assert taken(filled("C1", "13800400001", -1)) == {}


def test_a_code_is_taken_once_and_an_older_one_never_in_its_place() -> None:
    codes = filled("C1", "13800400001", 5), filled("C2", "13800400001", 7)
    assert taken(*codes, seen=frozenset({"C2"})) == {}


def test_a_strangers_phone_is_nobodys_and_told() -> None:
    codes = filled("C0", "13912340000", -1), filled("C1", "13912340000", 5)
    assert sifted(*codes) == Sifted({}, strange=(codes[1],))
    assert sifted(*codes, seen=frozenset({"C1"})) == Sifted({})


def test_a_code_from_the_future_is_set_apart_and_stands_in_no_others_way() -> None:
    """It would be the newest of its phone for ever: taken first, and each right one after it never."""
    ahead, right = filled("C9", "13800400001", 60 * 24 * 3650), filled("C1", "13800400001", 5)
    assert sifted(ahead, right) == Sifted({"o1": right}, misdated=(ahead,))
    assert sifted(right, ahead, seen=frozenset({"C9"})) == Sifted({"o1": right}), "one that was taken before, too"


def test_a_clock_that_is_some_minutes_ahead_is_believed() -> None:
    code = filled("C1", "13800400001", 9)
    assert sifted(code, after=5) == Sifted({"o1": code})
    assert sifted(code, after=3) == Sifted({}, misdated=(code,)), "until ours has come near"


def test_a_code_by_a_clock_that_is_behind_is_told_and_not_taken() -> None:
    """It may be of an earlier request, and a wrong code is used up."""
    code = filled("C1", "13800400001", -4)
    assert sifted(code) == Sifted({}, misdated=(code,))
    assert sifted(code, after=30) == Sifted({}), "the owner still has time to fill in another one"
    assert sifted(code, seen=frozenset({"C1"})) == Sifted({})
    later = filled("C2", "13800400001", 5)
    assert sifted(code, later) == Sifted({"o1": later})
    assert sifted(code, later, seen=frozenset({"C2"})) == Sifted({}), "what lies before one that was taken is over"
    assert sifted(filled("C1", "13800400001", -60 * 25)) == Sifted({}), "one of an earlier time is nothing odd"


def test_who_was_not_asked_gets_no_code() -> None:
    codes, known = [filled("C1", "18644700002", 5)], frozenset(PHONES.values())
    assert sift(PHONES, codes, {"o1": ASKED}, frozenset(), ASKED + timedelta(hours=1), known=known) == Sifted({})


def test_a_code_does_not_show_itself() -> None:
    assert "123456" not in repr(filled("C1", "13800400001", 5))
    assert "13800400001" not in repr(filled("C1", "13800400001", 5))


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(PHONES.values())), st.integers(-30, 600)),
        max_size=12,
        unique_by=lambda c: c[1],
    ),
    st.sets(st.integers(0, 11)),
)
def test_what_is_taken_is_fresh_unseen_and_the_last_of_its_phone(codes: list[tuple[str, int]], seen: set[int]) -> None:
    all_codes = [filled(f"C{place}", phone, minutes) for place, (phone, minutes) in enumerate(codes)]
    for owner, number in taken(*all_codes, seen=frozenset(f"C{place}" for place in seen)).items():
        code = all_codes[int(number[1:])]
        assert code.phone == PHONES[owner]
        assert code.filled_at >= ASKED
        assert int(number[1:]) not in seen
        assert code.filled_at == max(other.filled_at for other in all_codes if other.phone == code.phone)


def test_codes_that_were_taken_before_stay_taken() -> None:
    waiting = case("awaiting_captcha", people(codes_wanted=of_round("o1", "o2"), codes_entered=of_round("o2")))
    assert entered(waiting, owner_ids(waiting.data, ("顾遥岑",))) == of_round("o1", "o2")


def test_codes_of_an_earlier_round_do_not_count_as_taken() -> None:
    corrected = case("awaiting_captcha", people(codes_entered=of_round("o1")), round=1)
    assert entered(corrected, ("o2",)) == of_round("o2", round=1)
