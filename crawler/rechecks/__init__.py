"""Times at which known pages are due again."""
