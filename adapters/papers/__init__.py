"""Papers as files: what a PDF or a picture really holds."""
