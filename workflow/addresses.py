"""Addresses in one spelling for each host; refused where something in them is no part of an address."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from workflow.sentence import Sentence

PORTS = {"http": 80, "https": 443}
"""The port of a scheme where an address names none."""
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
MEANT_TWICE = re.compile("[ßς\u200c\u200d]")
"""Letters for which the two rules of writing a host in ASCII give two hosts."""
NO_LETTERS = "CZ"
"""The Unicode categories of blanks, controls, surrogates, and what shows nothing, by their beginnings."""
HOST = "codes.example"
WRITE_ONE = "https://host:port"


def address(text: str) -> str:
    """The address of a remote, spelled as browsers and HTTP clients do, without a slash at its end.

    Small letters, an international host in ASCII, no default port. Raises ValueError, which quotes no user or password.
    """
    parts = _parts(text)
    if parts.query or parts.fragment or text.strip().endswith(("?", "#")):
        raise ValueError(
            Sentence("goes_on_behind_path", "it goes on behind its path; write one such as https://host:port/path")
        )
    return urlunsplit((parts.scheme, _origin(parts), parts.path.rstrip("/"), "", ""))


def link(text: str) -> str:
    """An address that people are sent, as it was written. Raises ValueError."""
    _origin(_parts(text))
    return text.strip().rstrip("/")


def typed(text: str) -> str:
    """An address that people type by hand: a host, and a path where there is one. Raises ValueError."""
    if "://" in text:
        raise ValueError(
            Sentence(
                "begins_as_link_which",
                "it begins as a link, which some carriers swallow; write the host alone, such as {host}",
                host=HOST,
            )
        )
    try:
        _origin(_parts(f"https://{text.strip()}"))
    except ValueError:
        raise ValueError(
            Sentence(
                "nothing_that_people_can",
                "it is nothing that people can type to get there; write a host, such as {host}",
                host=HOST,
            )
        ) from None
    return text.strip().rstrip("/")


def origin(text: str) -> str:
    """Scheme, host and port of an address in one spelling; empty where it has none."""
    try:
        parts = _parts(text)
        return f"{parts.scheme}://{_origin(parts)}"
    except ValueError:
        return ""


def _parts(text: str) -> SplitResult:
    text = text.strip()
    if any(letter == "\\" or unicodedata.category(letter)[0] in NO_LETTERS for letter in text):
        raise ValueError(
            Sentence(
                "holds_blank_or_character",
                "it holds a blank or a character that no address has; write one such as https://host:port",
            )
        )
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(
            Sentence(
                "no_address_write_one",
                "{value} is no address; write one such as {address}",
                value=repr(text),
                address=WRITE_ONE,
            )
        ) from None
    if "@" in parts.netloc:
        raise ValueError(
            Sentence(
                "names_user_before_host",
                "it names a user before its host; write the address alone, and a token into its own setting",
            )
        )
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(
            Sentence(
                "no_address_write_one",
                "{value} is no address; write one such as {address}",
                value=repr(text),
                address=WRITE_ONE,
            )
        )
    return parts


def _origin(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        raise ValueError(
            Sentence(
                "names_no_port_from",
                "{host} names no port from 1 to 65535; write one such as https://host:port",
                host=repr(parts.netloc),
            )
        ) from None
    if port == 0:
        raise ValueError(
            Sentence(
                "names_no_port_from",
                "{host} names no port from 1 to 65535; write one such as https://host:port",
                host=repr(parts.netloc),
            )
        )
    return _host(host) + ("" if port in (None, PORTS[parts.scheme]) else f":{port}")


def _host(host: str) -> str:
    if ":" in host:
        try:
            return f"[{IPv6Address(host).compressed}]"
        except AddressValueError:
            raise ValueError(
                Sentence("no_host_write_one", "{host} is no host; write one such as https://host:port", host=repr(host))
            ) from None
    try:
        plain = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if NAME.fullmatch(plain) is None or MEANT_TWICE.search(host):
        raise ValueError(
            Sentence(
                "no_host_that_surely",
                "{host} is no host that is surely meant; write it in ASCII, such as xn--fiqs8s.example",
                host=f"{host!r}",
            )
        )
    return plain
