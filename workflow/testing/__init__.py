"""For tests of flows: a database and a clock of their own, remotes that the test steers, runs until something holds."""

from workflow.testing.bench import MORNING, Bench, bench
from workflow.testing.twins import Call, Twin, TwinMistake
from workflow.testing.waiting import StillWaiting

__all__ = ["MORNING", "Bench", "Call", "StillWaiting", "Twin", "TwinMistake", "bench"]
