"""Editorial images, their captions and file metadata."""
