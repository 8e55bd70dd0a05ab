"""Whether schema or keys of the record are newer than this process."""

from __future__ import annotations

from workflow.record.identity import key_marks, lacking
from workflow.record.newer import CURE, newer
from workflow.store.transactions import Transactions


class Growth(Transactions):
    """What a process was begun with, held against what the record has by now."""

    async def outgrown(self) -> tuple[str, str] | None:
        """What this process lacks, and the cure; None while it has all."""
        if (what := await newer(self.engine)) is not None:
            return what, CURE
        if strange := lacking(await key_marks(self.engine), self.vault):
            cure = "start it again with the newer key file"
            return f"the record has the keys {', '.join(strange)} by now, which this process began without", cure
        return None
