"""`index.db`: schema, rows, stories, search, statistics."""
