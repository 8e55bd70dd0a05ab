"""A schedule and its runs as values: when, what, and which instants are due; nothing here does anything."""
