"""What is kept for good, and what keeps it true: events, seals, anchors, keys, tables and the database."""
