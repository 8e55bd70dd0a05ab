"""What can be typed: the commands with their options, and how `--help` prints them."""
