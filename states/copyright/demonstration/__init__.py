"""How the samples of the registration are played: owners, clerk and operator, their papers, and the two ledgers."""
