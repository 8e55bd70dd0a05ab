"""Looks at a document that people hand in as material: whether its text names the software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.papers.pdf_text import VERSION, is_text, lacking_in


def look_at_material(contents: Sequence[bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """`lacks`: what its text does not name of title and version; None for a scan, whose text nobody reads here.

    about: title, version. What does not stand in a text may stand on a page beside it that is a scan.
    """
    (paper,) = contents
    lacks = lacking_in(paper, {"title": about["title"], VERSION: about["version"]})
    return {"lacks": None if lacks is None or (lacks and not is_text(paper)) else list(lacks)}
