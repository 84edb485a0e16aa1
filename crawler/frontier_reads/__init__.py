"""Reads table `frontier` of any open index, for packages that make no requests."""
