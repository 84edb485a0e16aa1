"""Evidence of single captures: their bytes, their records, and how to check them by hand."""
