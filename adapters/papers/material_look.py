"""Looks at a document that people hand in as material: whether its text, where it has any, names the software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.papers.pdf_text import VERSION, lacking_in


def look_at_material(contents: Sequence[bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """`lacks`: what its text does not name of title and version. A scan, whose text nobody reads here, lacks nothing.

    about: title, version.
    """
    (paper,) = contents
    return {"lacks": list(lacking_in(paper, {"title": about["title"], VERSION: about["version"]}) or ())}
