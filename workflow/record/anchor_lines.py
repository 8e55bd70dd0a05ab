"""A line of the anchor file: how it is signed, and why one is no anchor."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from workflow.record.columns import json_text
from workflow.record.vault import Ring
from workflow.sentence import Sentence

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
_NO_ANCHOR = Sentence("this_not_anchor", "this is not an anchor")
_CHANGED = Sentence("was_changed", "it was changed")


class Wrong(Exception):
    """Why a line is no anchor."""

    def __init__(self, what: Sentence) -> None:
        super().__init__(what)
        self.what = what


def parsed(line: bytes, ring: Ring) -> tuple[dict[str, Any], str]:
    """The line, whose signature holds, and its signature. Raises Wrong."""
    try:
        found = json.loads(line)
        signature, key = found.pop("signature"), found["key"]
        if not isinstance(signature, str) or not isinstance(key, str):
            raise Wrong(_NO_ANCHOR)
    except _UNREADABLE as error:
        raise Wrong(_NO_ANCHOR) from error
    if key not in ring.keys:
        raise Wrong(Sentence("key_not_in_key", "its key {key} is not in the key ring", key=key))
    try:
        if not hmac.compare_digest(sign(ring, key, found).encode(), signature.encode()):
            raise Wrong(_CHANGED)
    except _UNREADABLE as error:
        raise Wrong(_CHANGED) from error
    return found, signature


def sign(ring: Ring, key: str, body: Mapping[str, object]) -> str:
    """The signature of a line, with a key of the ring."""
    return hmac.digest(ring.keys[key], b"anchor" + json_text(dict(body)).encode(), "sha256").hex()
