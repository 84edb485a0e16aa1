"""Metadata by which Datasette and pywb show a collection, and questions with SQL."""
