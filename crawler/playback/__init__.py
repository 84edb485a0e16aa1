"""Replay of captures by pywb, and its check in a browser."""
