"""Commands of the terminal about incidents."""
