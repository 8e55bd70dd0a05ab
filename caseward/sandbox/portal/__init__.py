"""The bureau's website, a file a topic."""
