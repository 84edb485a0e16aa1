"""Captions and credits of pictures: the words around each, and their parting."""
