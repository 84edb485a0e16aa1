"""Changes of the frontier yet to be told to other workers, and rows of theirs."""
