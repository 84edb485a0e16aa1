"""Lists of mementos: TimeMaps in link format and JSON, answers of CDX servers."""
