"""A flow as a table of plain functions: its parts, its check, its compiled form, and what explains and replays it."""
