"""The desk: which talks wait for a person, who holds them, and what passes between."""
