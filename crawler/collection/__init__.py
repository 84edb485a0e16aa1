"""One folder of WARCs with its index: layout, lock, the only writer, recovery, import."""
