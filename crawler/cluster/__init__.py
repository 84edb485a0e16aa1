"""The frontier shared by several workers, in PostgreSQL."""
