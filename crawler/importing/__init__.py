"""Import of web archive files of any origin into a collection."""
