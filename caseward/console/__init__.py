"""For people: what they hand in, and what they are shown."""
