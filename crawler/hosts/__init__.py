"""Hosts of one run: their health, and which of them is asked."""
