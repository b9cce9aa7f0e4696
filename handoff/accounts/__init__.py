"""Staff accounts: who works here, for which windows, in which role, and how they prove it."""
