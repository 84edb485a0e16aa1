"""Archival news crawler: exact bytes into WARCs, and what they say into a SQLite index."""

__version__ = "0.2.0"
