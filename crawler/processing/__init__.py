"""From the bytes of a capture to its outcome, in worker processes."""
