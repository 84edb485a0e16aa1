"""The decoded page: tree, segments, blocks, selectors, structured data."""
