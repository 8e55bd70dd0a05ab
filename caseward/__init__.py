"""The application around the engine: its processes, its command line, its demonstration and its sandbox."""
