"""Free room on the disk, and failed writes."""
