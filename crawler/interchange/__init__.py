"""Exports of collections in the formats of other programs."""
