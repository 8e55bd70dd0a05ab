"""The outside systems, one file each: a Protocol, its implementation and its answers; no flow is known here."""
