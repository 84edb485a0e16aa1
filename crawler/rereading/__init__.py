"""Reading of WARCs again into Parquet, one part a file, on one machine or many."""
