"""Frame of the reading room: addresses, nouns of pages, headers, texts, rendering."""
