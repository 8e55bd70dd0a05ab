"""The outside world, simulated: bureau website, generation system, code record system, SMS gateway, inboxes."""
