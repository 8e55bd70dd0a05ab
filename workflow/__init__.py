"""The engine: it moves cases forward and keeps the record, and knows no flow and no remote system."""
