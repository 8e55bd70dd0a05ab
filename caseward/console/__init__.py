"""What people give Caseward, and what it shows them."""
