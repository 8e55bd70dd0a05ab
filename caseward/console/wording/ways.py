"""The ways on from where a case is, in sentences: what each still lacks, and who can change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caseward.console.wording.seen import Reader, brief
from workflow.flow.last_look import GuardSaid, LineSaid

MARKS = {True: "✔", False: "✖"}


def nearest(lines: Sequence[LineSaid]) -> list[LineSaid]:
    """Of the lines that were tried, those that a person is told of first, in the order of the table.

    One that lacks nothing is there. Where any line lacks what somebody can change, or what comes with time, those that
    lack anything else are left out: nobody waits for them. Of several lines that lack the same one is there: rather one
    that leads on or does something than one that only learns, then the one that lacks least, then the last: what is out
    of the usual stands above it.
    """
    open_ = [line for line in lines if _lacking(line)]
    awaited = [line for line in open_ if any(guard.waits_for or guard.until for guard in _lacking(line))]
    nearest_of: dict[str, LineSaid] = {}
    for line in sorted(awaited or open_, key=lambda line: (not line.learns, line.satisfied - line.total)):
        nearest_of["\n".join(guard.model_dump_json() for guard in _lacking(line))] = line
    told = nearest_of.values()
    return [line for line in lines if not _lacking(line) or any(line is one for one in told)]


def _lacking(line: LineSaid) -> list[GuardSaid]:
    return [guard for guard in line.guards if not guard.ok]


def tree(lines: Sequence[LineSaid], reader: Reader) -> Iterator[tuple[int, str]]:
    """(depth, text) of each line that was tried, with its guards: which held, which said no and what they saw."""
    for line in lines:
        name = "why.line.to" if line.to else "why.line.stay"
        where = reader.labels("state", line.to) if line.to else reader.labels("line", line.line)
        yield 0, reader.texts(name, where=where, satisfied=line.satisfied, total=line.total)
        for guard in line.guards:
            yield 1, _said(guard, reader)


def _said(guard: GuardSaid, reader: Reader) -> str:
    texts = reader.texts
    said = [f"{MARKS[guard.ok]} {reader.labels('guard', guard.guard)}"]
    if guard.seen:
        said.append(texts("why.saw", seen=brief(guard.seen, reader)))
    if guard.waits_for:
        said.append(texts("why.who", who=reader.labels("who", guard.waits_for)))
    if guard.until:
        said.append(texts("why.not_before", at=reader.moments.short(guard.until)))
    return texts("mark.dash").join(said)
