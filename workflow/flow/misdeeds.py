"""What a function of a flow did that it must not: a sentence for each kind, which stands behind what it is called."""

from __future__ import annotations

from workflow.flow.mistakes import quoted, words
from workflow.sentence import Sentence


def raised(error: BaseException) -> Sentence:
    return Sentence("it_raised", "raised {error}", error=words(error))


def no_verdict(answer: object) -> Sentence:
    return Sentence(
        "answered_no_verdict",
        "answered {answer}, which is no verdict; return True, False, Yes(...) or No(...)",
        answer=quoted(answer),
    )


def no_instant(until: object) -> Sentence:
    return Sentence(
        "until_no_instant",
        "said no until {until}, which is no instant with a zone that UTC has too",
        until=quoted(until),
    )


def unrecordable(error: BaseException) -> Sentence:
    return Sentence("saw_unrecordable", "what it saw cannot be recorded: {error}", error=words(error))


def no_items(answer: object) -> Sentence:
    return Sentence("answered_no_items", "answered {answer}, where items with an id are due", answer=quoted(answer))


def no_proof_answer(answer: object) -> Sentence:
    return Sentence(
        "answered_no_proof",
        "answered {answer}, which is no answer; give Done(...), NotDone(), Partly(...) or CannotTell(...)",
        answer=quoted(answer),
    )


def no_message(given: object) -> Sentence:
    return Sentence("gave_no_message", "gave {given}, which is no Message", given=quoted(given))


def unwritable_message(error: BaseException) -> Sentence:
    return Sentence("message_unwritable", "gave a Message that cannot be written: {error}", error=words(error))


def no_channel(name: object, known: str) -> Sentence:
    return Sentence(
        "names_no_channel",
        "names the channel {channel}; notices are sent by {known}",
        channel=quoted(name),
        known=known,
    )


def unfit_learning(error: BaseException) -> Sentence:
    return Sentence("learning_unfit", "what it learns does not fit: {error}", error=words(error))


def learns_nothing(source: str, answer: object, part: str) -> Sentence:
    owner = type(answer).__name__
    return Sentence(
        "learns_missing", "learns {source}, and {owner} has no {part}", source=source, owner=owner, part=part
    )


def no_ids(given: object) -> Sentence:
    return Sentence("gave_no_ids", "gave {given}, which is no collection of ids", given=quoted(given))


def no_names(given: object) -> Sentence:
    return Sentence("gave_no_names", "gave {given}, which are no names by id", given=quoted(given))
