"""Addresses of old stories: by number and by date."""
