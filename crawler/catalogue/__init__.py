"""Questions that people ask of an index, as read-only queries with typed answers."""
