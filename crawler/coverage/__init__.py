"""Stories announced by lists and links, against those held."""
