"""Text as a terminal can show it: what is hidden in it made visible, numbers of people masked, columns laid out."""
