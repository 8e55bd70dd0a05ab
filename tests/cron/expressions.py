"""Random cron expressions that can be read."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.cron.brute import MONTHS, WEEKDAYS


def entries(low: int, high: int, words: list[str] | None = None) -> st.SearchStrategy[str]:
    """A field: a star, or a list of values, ranges and steps."""

    @st.composite
    def one(draw: st.DrawFn) -> str:
        first, last = sorted((draw(st.integers(low, high)), draw(st.integers(low, high))))
        names = words if words and draw(st.booleans()) else [str(n) for n in range(low, high + 1)]
        step = draw(st.integers(1, high - low))
        left, right = names[first - low], names[last - low]
        # a range of one value with a step is read in different ways, so nobody should write it
        stepped = f"{left}-{right}/{step}" if last > first else f"*/{step}"
        return draw(st.sampled_from([left, f"{left}-{right}", stepped, f"{left}/{step}"]))

    return st.one_of(
        st.just("*"),
        st.integers(1, high - low).map(lambda n: f"*/{n}"),
        st.lists(one(), min_size=1, max_size=3).map(",".join),
    )


UNIX_WEEKDAY = entries(0, 6, WEEKDAYS)
UNIX = st.tuples(entries(0, 59), entries(0, 23), entries(1, 31), entries(1, 12, MONTHS), UNIX_WEEKDAY).map(" ".join)

SPECIAL_DAYS = st.one_of(
    st.sampled_from(["L", "LW", "1W", "31W"]),
    st.integers(1, 31).map(lambda n: f"{n}W"),
    st.integers(1, 30).map(lambda n: f"L-{n}"),
)
NAMED_WEEKDAYS = st.one_of(st.sampled_from(WEEKDAYS), st.integers(1, 7).map(str))
SPECIAL_WEEKDAYS = st.one_of(
    st.just("L"),
    NAMED_WEEKDAYS.map(lambda d: f"{d}L"),
    st.tuples(NAMED_WEEKDAYS, st.integers(1, 5)).map("{0[0]}#{0[1]}".format),
)
DAYS = st.one_of(
    st.tuples(
        st.one_of(entries(1, 31), SPECIAL_DAYS, st.tuples(entries(1, 31), SPECIAL_DAYS).map(",".join)), st.just("?")
    ),
    st.tuples(st.just("?"), st.one_of(entries(1, 7, WEEKDAYS), SPECIAL_WEEKDAYS)),
)
YEARS = st.sampled_from(["", "*", "2026", "2026-2028", "2027/2", "2025,2028-2030/2", "*/3"])


@st.composite
def quartz(draw: st.DrawFn) -> str:
    """An expression of six or seven fields."""
    day, weekday = draw(DAYS)
    clock = [draw(entries(0, 59)), draw(entries(0, 59)), draw(entries(0, 23))]
    return " ".join([*clock, day, draw(entries(1, 12, MONTHS)), weekday, draw(YEARS)]).strip()
