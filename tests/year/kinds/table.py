"""All kinds of fate that a matter of the year may have, by name."""

from __future__ import annotations

from tests.year.kind import Kind
from tests.year.kinds.corrections import CORRECTIONS
from tests.year.kinds.lacking import LACKING
from tests.year.kinds.office import OFFICE
from tests.year.kinds.others import OTHERS
from tests.year.kinds.owners import OWNERS
from tests.year.kinds.papers import PAPERS
from tests.year.kinds.plain import PLAIN
from tests.year.kinds.trouble import TROUBLE

ALL = (*PLAIN, *OWNERS, *PAPERS, *CORRECTIONS, *OTHERS, *OFFICE, *TROUBLE, *LACKING)
KINDS: dict[str, Kind] = {kind.name: kind for kind in ALL}
