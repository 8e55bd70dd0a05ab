"""What is said and done about calendars."""
