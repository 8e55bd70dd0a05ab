"""A flow as a table of plain functions: its parts, its check, its compiled form, its explanation and its replay."""
