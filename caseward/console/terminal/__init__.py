"""How commands read what is typed and lay out what they answer."""
