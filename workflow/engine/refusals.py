"""The errors with which a person's command about a case is refused, each with its sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pydantic import ValidationError

from workflow.errors import Conflict, NotAllowed, NotOneOf, NotStated
from workflow.flow.mistakes import words
from workflow.intake.gives import NotTaken
from workflow.record.values import Claim, Effect
from workflow.sentence import Sentence
from workflow.unfit import misfits


def settled(claim: Claim, effect: Effect) -> Conflict:
    """It is known already whether the action happened."""
    why = Sentence("already", "{action} is {status} already", action=_named(effect), status=effect.status)
    return Conflict(claim.number, why)


def still_at_work(claim: Claim, effect: Effect) -> Conflict:
    """The process that began the action lives."""
    host, pid, *_ = effect.process.split("/")
    action = _named(effect)
    why = Sentence(
        "may_still_be_at", "{process} may still be at work on {action}", process=effect.process, action=action
    )
    cure = Sentence("end_process_on_then", "end process {pid} on {host}, then settle it again", pid=pid, host=host)
    return Conflict(claim.number, why, cure)


def unsettled(claim: Claim, effect: Effect) -> NotAllowed:
    """A person must first say whether the action happened."""
    why = Sentence(
        "whether_happened_not_known", "whether {action} happened is not known; settle it first", action=_named(effect)
    )
    return NotAllowed(claim.number, Sentence("retry", "retry"), why)


def being_found_out(claim: Claim, effect: Effect) -> Conflict:
    """The remote is being asked whether the action happened."""
    why = Sentence(
        "whether_happened_being_found",
        "whether {action} happened is being found out; hold the case, or settle the effect first",
        action=_named(effect),
    )
    return Conflict(claim.number, why)


def leased(claim: Claim) -> Conflict:
    """A worker is at work on the case."""
    until = f"{claim.lease_until:%H:%M:%S} UTC"
    why = Sentence("at_work_on_until", "{owner} is at work on it until {until}", owner=claim.owner, until=until)
    return Conflict(claim.number, why)


def seen_otherwise(claim: Claim, version: int) -> Conflict:
    """The person saw an older version of the case."""
    why = Sentence(
        "changed_meanwhile_version_you",
        "it changed meanwhile: version {now}, you saw {seen}",
        now=claim.seq,
        seen=version,
    )
    return Conflict(claim.number, why)


def not_one_of(claim: Claim, kind: str, name: str, known: Collection[str]) -> NotOneOf:
    """kind: what is named, in a word."""
    return NotOneOf(claim.number, kind, name, known)


def not_stated(claim: Claim, left: Sequence[Effect]) -> NotStated:
    """Whether these happened is not known, and the person says nothing of it."""
    first = left[0]
    why = being_found_out(claim, first).why
    return NotStated(claim.number, why, first.action, first.action if len(left) == 1 else first.key)


def stated_twice() -> NotTaken:
    """A person states the same effect two times."""
    cure = ("say of each once whether it happened", "每项只说明一次是否已发生")
    return NotTaken("usage", "one action is stated twice", "同一项办理说明了两次", cure)


def not_on_hold(claim: Claim) -> NotAllowed:
    why = Sentence("not_on_hold", "it is not on hold")
    return NotAllowed(claim.number, Sentence("to_resume", "to resume"), why)


def says_nothing() -> NotTaken:
    """A note without words."""
    return NotTaken("usage", "the note says nothing", "备注没有内容", ("write what is to be noted", "请写明备注内容"))


def _named(effect: Effect) -> str:
    return f"{effect.action} {effect.item_id}"


def own_case(claim: Claim, login: str) -> Conflict:
    """The case logs in an account that is retired."""
    why = Sentence("its_account_retired", "its account {login} is retired", login=login)
    return Conflict(claim.number, why, Sentence("restore_account", "caseward account restore {login}", login=login))


def not_retired(claim: Claim, why: Sentence) -> NotAllowed:
    return NotAllowed(claim.number, Sentence("to_retire", "to retire"), why)


def not_restored(claim: Claim, why: Sentence) -> NotAllowed:
    return NotAllowed(claim.number, Sentence("to_restore_account", "to restore"), why)


def not_moved(claim: Claim, why: Sentence) -> NotAllowed:
    """Why the case cannot work with another account."""
    return NotAllowed(claim.number, Sentence("to_assign", "to assign"), why)


def unfit(error: ValueError) -> NotTaken:
    """The data of the case does not take what was given: which field, and why."""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        why = ": ".join(part for part in (".".join(map(str, first["loc"])), first["msg"]) if part)
    else:
        why = str(error)
    cure = ("give what the data of the case takes", "请给出此事项数据可接受的内容")
    return NotTaken("usage", f"the data does not take it: {why}", f"数据不接受该内容：{why}", cure)


def not_raised(claim: Claim, version: int, error: Exception) -> NotAllowed:
    """The case is of an older version of its flow, and today's code cannot read its data."""
    what = Sentence("to_change_data", "to change its data")
    why = Sentence(
        "data_of_older_version",
        "it is of version {older} of its flow, and version {version} cannot read its data: {error}; "
        "mend the upcast of the flow",
        older=claim.flow_version,
        version=version,
        error=words(error),
    )
    return NotAllowed(claim.number, what, why)


def unreadable(claim: Claim, error: ValidationError) -> NotAllowed:
    """Today's model of the flow does not take the data of the case."""
    what, said = Sentence("to_change_data", "to change its data"), misfits(error)
    why = Sentence(
        "data_not_readable",
        "its data cannot be read: {error}; raise version= of the flow and write upcast=, or mend the data",
        error=said,
    )
    return NotAllowed(claim.number, what, why)
