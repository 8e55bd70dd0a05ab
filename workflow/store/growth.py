"""Tells whether the schema or the keys of the record are newer than this process."""

from __future__ import annotations

from workflow.record.identity import key_marks, lacking
from workflow.record.newer import CURE, newer
from workflow.sentence import Sentence
from workflow.store.transactions import Transactions


class Growth(Transactions):
    """The schema and keys that a process started with, compared with those of the record now."""

    async def outgrown(self) -> tuple[Sentence, Sentence] | None:
        """What this process lacks, and the cure; None where it lacks nothing."""
        if (what := await newer(self.engine)) is not None:
            return what, CURE
        if strange := lacking(await key_marks(self.engine), self.vault):
            cure = Sentence("start_with_newer_keys", "start it again with the newer key file")
            what = Sentence(
                "began_without_keys",
                "the record has the keys {keys} by now, which this process began without",
                keys=", ".join(strange),
            )
            return what, cure
        return None
