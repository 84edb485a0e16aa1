"""Places of WARC files: local paths and S3-compatible stores, read alike."""
