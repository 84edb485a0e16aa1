"""Upload of sealed WARCs to a store: stored, read back, and only then removed here."""
