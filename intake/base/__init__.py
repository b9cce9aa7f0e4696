"""What every room of the database shares: ids, errors, clock, sessions, sealing."""
