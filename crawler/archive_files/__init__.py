"""Readers of WARC, ARC and WACZ files of any origin, and their check."""
