"""Captions and credits told apart, and the names of people in bylines."""
