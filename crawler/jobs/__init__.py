"""Jobs, schedules and lanes: what workers are to do, and which of them does it."""
