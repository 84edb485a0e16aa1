"""Authors of an article: the places that name them, and names told from other words."""
