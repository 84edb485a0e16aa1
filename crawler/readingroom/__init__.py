"""The reading room: a Datasette plugin with pages of its own."""
