"""Names of people and places, and words that are no names."""
