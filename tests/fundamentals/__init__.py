"""The tutorial: one idea a test, to be read in order."""
