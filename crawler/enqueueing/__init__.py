"""From words of a command line to jobs and schedules in a job store."""
