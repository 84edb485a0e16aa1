"""Answers of the commands, as text for people."""
