"""Classification of pages: the page asked for, a list, or an error page."""
