"""Commands of the terminal about the installation: settings, flows, what is wrong with it."""
