"""The reader of site files: fields by the order of the text."""
