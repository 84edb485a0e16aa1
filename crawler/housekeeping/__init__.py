"""Regular upkeep of collections."""
