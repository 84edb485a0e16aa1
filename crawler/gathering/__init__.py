"""Indexes of several workers, filed into one."""
