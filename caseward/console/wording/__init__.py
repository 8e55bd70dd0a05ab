"""What is said to people, in both languages, and in stable shapes to programs."""
