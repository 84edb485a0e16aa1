"""The language of a text: by its script, letters of its own, and small words."""
