"""WARC records: reading, writing, digests, CDXJ."""
