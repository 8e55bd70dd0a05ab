"""Kinds that cannot be played yet, with what is lacking for them; the year tells of them and counts none as right."""

from __future__ import annotations

from tests.year.kind import Kind

ANSWERS = "a correction that waits for what people must give"
ORDERS = "an order's states at the generator, and ways on"


def lacking(name: str, said: str, needs: str) -> Kind:
    return Kind(name, said, lambda draw: draw.of_firm(), needs=needs)


LACKING = (
    lacking("correction_of_field", "the bureau wants a particular put right, and the customer tells it", ANSWERS),
    lacking("correction_of_certificate", "the bureau finds a certificate's number wrong", ANSWERS),
    lacking("correction_of_document", "the bureau wants an owner's paper", ANSWERS),
    lacking("correction_unanswered", "nobody answers a correction until its deadline is over", ANSWERS),
    lacking("refunded", "the generation is refunded, and ordered anew", ORDERS),
    lacking("generation_failed", "the generation fails", ORDERS),
    lacking("faulty_document", "the generation makes a faulty document", ORDERS),
    lacking("price_changed", "the generation costs more than was agreed", "a price of one order alone outside"),
    lacking("taken_over", "it stands at the bureau already when the office takes it over", "taking over"),
)
