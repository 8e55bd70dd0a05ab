"""Commands of the terminal about people and firms."""
