"""The talk between a resident and us: its state, its holder, its messages."""
