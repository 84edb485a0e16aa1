"""Captions and credits told apart."""
