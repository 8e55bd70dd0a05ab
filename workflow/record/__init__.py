"""What is kept for ever, and how it is kept true: events, seals, anchors, keys, tables and the database under them."""
