"""Fixtures of site files."""
