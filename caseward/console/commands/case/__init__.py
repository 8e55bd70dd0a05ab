"""Commands of the terminal about cases."""
