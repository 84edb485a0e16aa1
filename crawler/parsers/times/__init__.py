"""Times of publication and of the last change, by all that a page tells."""
