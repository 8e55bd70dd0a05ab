"""Says which days a cron expression means: of the month, of the week, in which months and years."""

from __future__ import annotations

from workflow.cron.numbers import SHORTEST_RUN, Reading, runs, spaced
from workflow.cron.plan import plan_of
from workflow.cron.values import FIRST_YEAR, LAST_YEAR, Cron, Term
from workflow.cron.words import MONTHS, ORDINALS, WEEKDAYS


def days_told(cron: Cron, words: Reading) -> str:
    """The days in words; nothing when it is every day."""
    told = _days(cron, words)
    years = cron.numbers("year")
    if len(years) == LAST_YEAR - FIRST_YEAR + 1:
        return told
    gap = spaced(years)
    listed = words("spaced.year", n=gap, first=years[0], last=years[-1]) if gap else words.numbers(years)
    return words("in_years", days=told or words("every_day"), years=listed)


def _days(cron: Cron, words: Reading) -> str:
    every_day_of_month = len(cron.numbers("day")) == 31
    every_weekday = len(_weekday_numbers(cron)) == 7
    months = _months(cron, words)
    if plan_of(cron).both:
        if every_day_of_month and not every_weekday:
            return _of_week(cron, words, months)
        if every_weekday and not every_day_of_month:
            return _of_month(cron, words, months)
        if not every_weekday:
            listed = words.list(_weekday_list(cron, words) + _placed_weekdays(cron, words))
            return words("and", one=_of_month(cron, words, months), other=listed)
    elif not every_day_of_month and not every_weekday:
        # two given days widen each other
        return words("or", one=_of_month(cron, words, months), other=_of_week(cron, words, months))
    return words("every_day_in", months=months) if months else ""


def _of_month(cron: Cron, words: Reading, months: str) -> str:
    numbers = cron.numbers("day")
    told = []
    if gap := spaced(numbers):
        told.append(words("spaced.day", n=gap, first=numbers[0], last=numbers[-1]))
    elif numbers:
        told.append(words("day", at=words.numbers(numbers), s=words.plural(numbers)))
    told += [_special_day(term, words) for term in cron.named("day") if not term.values]
    return words("of_month", months=months or words("every_month"), days=words.list(told))


def _special_day(term: Term, words: Reading) -> str:
    match term.mark:
        case "last" if term.first:
            return words("before_last_day", n=term.first, s="" if term.first == 1 else "s")
        case "last":
            return words("last_day")
        case "last_workday":
            return words("last_workday")
        case _:
            return words("nearest_workday", n=term.first)


def _of_week(cron: Cron, words: Reading, months: str) -> str:
    told = []
    if plain := _weekday_list(cron, words):
        every = words("weekdays", weekdays=words.list(plain))
        told.append(words("weekdays_in", days=every, months=months) if months else every)
    if placed := _placed_weekdays(cron, words):
        told.append(words("of_month", months=months or words("every_month"), days=words.list(placed)))
    return words.list(told)


def _weekday_numbers(cron: Cron) -> list[int]:
    """The weekdays named outright, Monday = 1 to Sunday = 7."""
    return sorted({number % 7 or 7 for number in cron.numbers("weekday")})


def _weekday_list(cron: Cron, words: Reading) -> list[str]:
    names = WEEKDAYS[words.language]
    told = []
    for run in runs(_weekday_numbers(cron)):
        if len(run) >= SHORTEST_RUN:
            told.append(words("named_run", first=names[run[0]], last=names[run[-1] % 7]))
        else:
            told += [names[number % 7] for number in run]
    return told


def _placed_weekdays(cron: Cron, words: Reading) -> list[str]:
    """Weekdays with their place in the month."""
    names = WEEKDAYS[words.language]
    return [
        words("last_of", weekday=names[term.first])
        if term.mark == "last_of"
        else words("nth", weekday=names[term.first], nth=ORDINALS[words.language][term.last - 1])
        for term in cron.named("weekday")
        if not term.values
    ]


def _months(cron: Cron, words: Reading) -> str:
    """The months by name; nothing when it is every month."""
    months = cron.numbers("month")
    if len(months) == 12:
        return ""
    names = MONTHS[words.language]
    told = []
    for run in runs(months):
        if len(run) >= SHORTEST_RUN:
            told.append(words("named_run", first=names[run[0] - 1], last=names[run[-1] - 1]))
        else:
            told += [names[number - 1] for number in run]
    return words("months", months=words.list(told))
