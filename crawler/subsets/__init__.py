"""Parts of a collection: selection of captures, and their records as one WARC."""
