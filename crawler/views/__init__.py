"""Views and small tables of `index.db` that answer people's questions, as migrations make them."""
