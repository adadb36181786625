"""Hostile files and requests, made of real ones: ``python -m fuzz`` in the folder tests."""
