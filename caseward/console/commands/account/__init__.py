"""Commands of the terminal about accounts."""
