"""The generic reader, for pages without a site file."""
