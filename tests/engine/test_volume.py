"""A sweep over many cases keeps nothing of those that it is done with."""

from __future__ import annotations

import gc
from pathlib import Path

from tests.engine.letters import Letter, S, desk
from tests.engine.test_until import always, waiting
from workflow.flow.definition import To
from workflow.record.values import Claim


async def test_a_sweep_keeps_counts_alone(tmp_path: Path) -> None:
    async with desk(waiting(To(S.posted, when=always)), tmp_path, None) as bench:
        for n in range(3):
            await bench.open(Letter(to=(str(n),)))
        cases = {row.claim.case for row in await bench.store.cases()}
        swept = await bench.sweep()
        assert swept.counts["moved"] == len(cases) == 4
        gc.collect()
        assert not [one for one in gc.get_objects() if isinstance(one, Claim) and one.case in cases]
