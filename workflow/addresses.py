"""Addresses as they are meant: one spelling for each host, and refused where something stands in them that is none."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, urlsplit, urlunsplit

PORTS = {"http": 80, "https": 443}
"""The port that is meant where none is named."""
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
MEANT_TWICE = re.compile("[ßς\u200c\u200d]")
"""Letters of which the two rules for writing a host in ASCII make two hosts."""
NO_LETTERS = "CZ"
"""How the Unicode categories begin of blanks, controls, halves, and what shows nothing."""
WRITE_ONE = "write one such as https://host:port"


def address(text: str) -> str:
    """The address of a remote, as browsers and HTTP clients spell it, without a slash at its end.

    Small letters, an international host in ASCII, no port that is meant anyway. Raises ValueError, and quotes no user
    or password.
    """
    parts = _parts(text)
    if parts.query or parts.fragment or text.strip().endswith(("?", "#")):
        raise ValueError(f"it goes on behind its path; {WRITE_ONE}/path")
    return urlunsplit((parts.scheme, _origin(parts), parts.path.rstrip("/"), "", ""))


def link(text: str) -> str:
    """An address that people are sent, as it was written."""
    _origin(_parts(text))
    return text.strip().rstrip("/")


def typed(text: str) -> str:
    """An address that people type by hand: a host, and a path where there is one. Raises ValueError."""
    if "://" in text:
        raise ValueError(
            "it begins as a link, which some carriers swallow; write the host alone, such as codes.example"
        )
    try:
        _origin(_parts(f"https://{text.strip()}"))
    except ValueError:
        raise ValueError(
            "it is nothing that people can type to get there; write a host, such as codes.example"
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
        raise ValueError(f"it holds a blank or a character that no address has; {WRITE_ONE}")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(f"{text!r} is no address; {WRITE_ONE}") from None
    if "@" in parts.netloc:
        raise ValueError("it names a user before its host; write the address alone, and a token into its own setting")
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"{text!r} is no address; {WRITE_ONE}")
    return parts


def _origin(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"{parts.netloc!r} names no port from 1 to 65535; {WRITE_ONE}") from None
    if port == 0:
        raise ValueError(f"{parts.netloc!r} names no port from 1 to 65535; {WRITE_ONE}")
    return _host(host) + ("" if port in (None, PORTS[parts.scheme]) else f":{port}")


def _host(host: str) -> str:
    if ":" in host:
        try:
            return f"[{IPv6Address(host).compressed}]"
        except AddressValueError:
            raise ValueError(f"{host!r} is no host; {WRITE_ONE}") from None
    try:
        plain = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if NAME.fullmatch(plain) is None or MEANT_TWICE.search(host):
        raise ValueError(f"{host!r} is no host that is surely meant; write it in ASCII, such as xn--fiqs8s.example")
    return plain
