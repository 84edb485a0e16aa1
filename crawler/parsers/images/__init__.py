"""Editorial images: which are the article's, what the page says of them, and file metadata."""
