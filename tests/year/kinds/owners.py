"""Kinds that differ by who owns the software and how they answer."""

from __future__ import annotations

from tests.year.deeds.owners import (
    begins_to,
    fill_old_codes,
    mistype_codes,
    read_out_codes,
    right_carrier,
    right_number,
)
from tests.year.deeds.staff import resend
from tests.year.drawn import TELECOM, UNICOM, Draw, Row
from tests.year.kind import SOON, WAITS, Deed, Kind

NO_CODE = frozenset({"code"})


def cooperation(draw: Draw) -> Row:
    return draw.of_persons(2, development="cooperation")


def mixed(draw: Draw) -> Row:
    return draw.row([draw.person("o1"), draw.firm("o2"), draw.person("o3", sort=UNICOM)])


def many(draw: Draw) -> Row:
    return draw.row([*(draw.person(f"o{place}") for place in range(1, 13)), draw.firm("o13")])


def of_telecom(draw: Draw) -> Row:
    return draw.row([draw.person("o1", sort=TELECOM), draw.person("o2")])


def of_one_name(draw: Draw) -> Row:
    return draw.row([draw.person("o1", name="张伟"), draw.person("o2", name="张伟")])


def of_one_phone(draw: Draw) -> Row:
    first = draw.person("o1")
    return draw.row([first, {**draw.person("o2"), "phone": first["phone"]}])


def misjudged_carrier(draw: Draw) -> Row:
    """The office thinks that the number is with a carrier that delivers links."""
    return draw.row([{**draw.firm(sort=TELECOM), "carrier": "mobile"}])


OWNERS = (
    Kind("several_owners", "three persons answer their codes and sign", lambda draw: draw.of_persons(3), review=SOON),
    Kind("agreement", "two develop together and hand in their agreement", cooperation, review=SOON),
    Kind("mixed_owners", "persons and a firm", mixed, review=SOON),
    Kind("many_owners", "thirteen owners", many, review=SOON),
    Kind("telecom_owner", "a carrier that swallows links gets an address to type", of_telecom, review=SOON),
    Kind("same_name", "two owners of one name, told apart by their certificates", of_one_name, review=SOON),
    Kind(
        "shared_phone",
        "two owners share a phone: staff types the codes that they read out",
        of_one_phone,
        deeds=(Deed("awaiting_captcha", read_out_codes, hours=1),),
        withholds=NO_CODE,
        review=SOON,
    ),
    Kind(
        "late_codes",
        "the owners answer after a day and a half, when they were asked again",
        lambda draw: draw.of_persons(2),
        deeds=(Deed("awaiting_captcha", begins_to("code"), hours=36),),
        withholds=NO_CODE,
        review=SOON,
    ),
    Kind(
        "wrong_code",
        "an owner mistypes his code, and gets another one",
        lambda draw: draw.of_persons(2),
        deeds=(Deed("awaiting_captcha", mistype_codes, hours=1), Deed("awaiting_captcha", begins_to("code"))),
        withholds=NO_CODE,
        review=SOON,
    ),
    Kind(
        "expired_codes",
        "the owners type codes that have run out, and then the next ones",
        lambda draw: draw.of_persons(2),
        deeds=(Deed("awaiting_captcha", fill_old_codes, hours=12),),
        withholds=NO_CODE,
        review=SOON,
    ),
    Kind(
        "silent_owner",
        "an owner never answers his code",
        lambda draw: draw.of_persons(2),
        withholds=NO_CODE,
        ends=WAITS,
        review=SOON,
    ),
    Kind(
        "silent_at_the_seal",
        "the firm never returns its seal page",
        lambda draw: draw.of_firm(),
        withholds=frozenset({"seal"}),
        ends=WAITS,
        review=SOON,
    ),
    Kind(
        "silent_signer",
        "a person never gives his signature",
        lambda draw: draw.of_persons(1),
        withholds=frozenset({"specimen", "seal"}),
        ends=WAITS,
        review=SOON,
    ),
    Kind(
        "silent_partners",
        "those who develop together never hand in their agreement",
        cooperation,
        withholds=frozenset({"agreement"}),
        ends=WAITS,
        review=SOON,
    ),
    Kind(
        "text_swallowed",
        "the carrier swallows a text; staff puts the carrier right and sends it again",
        misjudged_carrier,
        deeds=(Deed("submitted", right_carrier, hours=3),),
        review=SOON,
    ),
    Kind(
        "number_changed",
        "an owner has another number before his code was sent",
        lambda draw: draw.of_persons(2),
        deeds=(Deed("unprocessed", right_number),),
        review=SOON,
    ),
    Kind(
        "asked_again",
        "staff has a new code sent to one owner by hand",
        lambda draw: draw.of_persons(2),
        deeds=(Deed("awaiting_captcha", resend, hours=3), Deed("awaiting_captcha", begins_to("code"))),
        withholds=NO_CODE,
        review=SOON,
    ),
)
