"""What must hold of registrations that an installation of servers has played to their ends."""

from __future__ import annotations

from tests.twelve.story import Came

WORKERS = ("http-1", "http-2", "browser")


def shortcomings(came: Came, *, granted: int, rejected: int) -> list[str]:
    """What does not hold; empty when all does."""
    figures = came.figures
    ends = {state: count for state, count in (("granted", granted), ("rejected", rejected)) if count}
    runs, ledger = figures["runs"], figures["ledger"]
    kinds = sorted((one.kind, one.queues) for one in came.alive if one.kind in ("worker", "beat"))
    claims = {
        f"the cases ended otherwise: {figures['cases']}": figures["cases"] == ends,
        f"the ledger has doubled, altered or lost: {ledger}, {figures['on one side alone']}": ledger["doubled"]
        == ledger["altered"]
        == ledger["lost"]
        == 0,
        f"incidents are open: {figures['incidents']}": not figures["incidents"]["open"],
        "the history does not verify": figures["history"]["verified"],
        f"a worker ended no run: {runs}": all(runs["by"][name] for name in WORKERS),
        f"runs were broken off or lost: {runs}": not runs["broken off"] and "lost" not in runs["statuses"],
        f"others were alive: {kinds}": kinds
        == [("beat", ()), ("beat", ()), ("worker", ("browser",)), ("worker", ("http",)), ("worker", ("http",))],
        f"instants are twice or missing: {came.holes[:5]}": not came.holes,
        f"not all ended with 0: {came.codes}": not any(came.codes.values()),
        f"something is left: {came.left}": not any(came.left.values()),
    }
    return [said for said, holds in claims.items() if not holds]
