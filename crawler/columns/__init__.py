"""Columns of Parquet tables, those of Common Crawl's index first."""
