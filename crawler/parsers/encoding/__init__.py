"""Content codings, media types and charsets."""
