"""The colours of all charts, on the screen and in files."""

SHADES = ("#0017c1", "#e25100", "#8a3800", "#4979f5")
"""Blues and oranges, dark and light in turn: neighbours are apart for every kind of colour vision, and in grey."""
