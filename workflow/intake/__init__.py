"""What people hand in: rows of files that become cases, and what is given to a case later, each with its rules."""
