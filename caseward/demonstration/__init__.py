"""The demonstration: the samples, the simulated world around them, and the people who play in it."""
