"""Worker processes for untrusted bytes: confined, limited, asked with jobs, answering in plain data."""
