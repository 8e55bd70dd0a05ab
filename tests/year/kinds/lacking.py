"""Kinds that cannot be played yet, with what is lacking for them; the year tells of them and counts none as right."""

from __future__ import annotations

from tests.year.kind import Kind


def lacking(name: str, said: str, needs: str) -> Kind:
    return Kind(name, said, lambda draw: draw.of_firm(), needs=needs)


LACKING = (lacking("price_changed", "the generation costs more than was agreed", "a price of one order alone outside"),)
