"""Benchmarks of the crawler against others, in turns in the same run: `python -m benchmarks`."""
