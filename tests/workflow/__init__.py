"""The engine's own edge cases."""
