"""What makes schedules happen: the beat, the worker with its runs, and what people do with schedules."""
