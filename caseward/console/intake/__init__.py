"""What people hand in: files, papers, accounts, answers at a login."""
