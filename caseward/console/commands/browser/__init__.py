"""Commands of the terminal about the browser that adapters work with."""
