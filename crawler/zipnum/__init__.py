"""ZipNum: a sorted CDXJ in compressed blocks, for replay at scale."""
