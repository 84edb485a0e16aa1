"""Table of the last fixity check of each WARC."""

FIXITY = """
CREATE TABLE fixity ( -- When `scrapy maintain` last read each WARC to its end; taken over by `reindex`, in no WARC.
    warc TEXT PRIMARY KEY, -- Its file name, as in captures.warc.
    verified TEXT NOT NULL, -- When it was read.
    bytes INTEGER NOT NULL, -- Its size then.
    fault TEXT -- The first fault that was found; null for none.
) WITHOUT ROWID"""
