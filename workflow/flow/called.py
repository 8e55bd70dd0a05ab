"""What errors call the parts of a flow and of a system: a sentence for each kind, by which a catalogue says it."""

from __future__ import annotations

from workflow.sentence import Sentence


def within(where: str, what: str) -> Sentence:
    """A part of something, behind the name of that."""
    return Sentence("called_within", "{where}: {what}", where=where, what=what)


def guard(name: str) -> Sentence:
    return Sentence("called_guard", "guard {name}", name=name)


def fact(name: str) -> Sentence:
    return Sentence("called_fact", "fact {name}", name=name)


def action(name: str) -> Sentence:
    return Sentence("called_action", "action {name}", name=name)


def proof(of: str) -> Sentence:
    return Sentence("called_proof_of", "proof of {action}", action=of)


def proof_named(name: str, of: str) -> Sentence:
    return Sentence("called_proof", "proof {name} of {action}", name=name, action=of)


def items(of: str) -> Sentence:
    return Sentence("called_items_of", "items of {action}", action=of)


def items_named(name: str, of: str) -> Sentence:
    return Sentence("called_items", "items {name} of {action}", name=name, action=of)


def each(name: str) -> Sentence:
    """The function that gives the items, before it is known of which action."""
    return Sentence("called_each", "items {name}", name=name)


def line(key: str) -> Sentence:
    return Sentence("called_line", "line {name}", name=key)


def notice(name: str) -> Sentence:
    return Sentence("called_notice", "notice {name}", name=name)


def secret(name: str) -> Sentence:
    return Sentence("called_secret", "secret {name}", name=name)


def of_secret(function: str, name: str) -> Sentence:
    """function: known or wanted, or what else is asked of the kind."""
    return Sentence("called_of_secret", "{function} of secret {name}", function=function, name=name)


def give(name: str) -> Sentence:
    return Sentence("called_give", "give {name}", name=name)


def remote(name: str) -> Sentence:
    return Sentence("called_remote", "remote {name}", name=name)


def system(name: str) -> Sentence:
    return Sentence("called_system", "system {name}", name=name)


def channel(name: str) -> Sentence:
    return Sentence("called_channel", "channel {name}", name=name)


def schedule(name: str) -> Sentence:
    return Sentence("called_default_schedule", "default schedule {name}", name=name)
