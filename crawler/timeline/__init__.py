"""Histories of single stories, derived from their captures."""
