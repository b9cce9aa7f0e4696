"""Brings the database to the present shape. Knows all tables."""
