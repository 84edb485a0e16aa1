"""JSON-LD and microdata: what is broken, and which is the page's own."""
