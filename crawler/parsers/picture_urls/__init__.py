"""Addresses of picture elements: the largest one, and identity across sizes."""
