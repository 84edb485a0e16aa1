"""Body of a page by the boxes of its paragraphs, with a check."""
