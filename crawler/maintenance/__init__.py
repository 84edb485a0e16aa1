"""Reindex, repair and verify of a collection."""
