"""Sounds made for a test set and judged: the rows of tables 2 and 3."""
