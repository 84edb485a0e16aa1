"""Settings of workers, of the frontier that they share, and of stores for WARCs."""

from __future__ import annotations

import os

#: Where jobs, and the frontier that several workers share, lie: `postgresql://USER@HOST:PORT/NAME` (a password comes from `PGPASSWORD` or `~/.pgpass`, never from here). Default: `jobs.db` in ARCHIVE_DIR, for one worker, without a server. The environment variable of the same name sets it too.
ARCHIVE_FRONTIER: str | None = os.environ.get("ARCHIVE_FRONTIER")
#: Seconds for which a shared frontier or a store that cannot be reached is waited for; then the command ends with exit code 15.
ARCHIVE_FRONTIER_WAIT = 600.0
#: Seconds for which a worker holds a lane (a publisher, or a host that is nobody's) without renewing it; it renews after a third. So long nobody asks the lane's hosts after a worker has died.
ARCHIVE_LEASE_SECONDS = 60.0
#: Name of this worker: of its collection under ARCHIVE_DIR and of its WARC files; unique among those that share a frontier. Default: `work`; with a shared frontier the name of the host. The environment variable of the same name sets it too.
ARCHIVE_WORKER: str | None = os.environ.get("ARCHIVE_WORKER")
#: Lanes (publishers, or hosts that are nobody's) that a worker takes at a time.
ARCHIVE_WORK_LANES = 64
#: Where a worker answers probes: `HOST:PORT` for `GET /health`, loopback unless named otherwise, or the path of a file that is written every few seconds. Default: nowhere.
ARCHIVE_HEALTH: str | None = None
#: Seconds after which a WARC file is sealed, whatever its size; 0: only by size and at the end. `scrapy work` seals after 900.
ARCHIVE_WARC_MAX_SECONDS = 0.0
#: Where sealed WARC files are uploaded to: `s3://BUCKET/PREFIX`. Credentials and endpoint come from the SDK's own chain (environment, files, instance roles), never from here. Default: nowhere.
ARCHIVE_STORE: str | None = os.environ.get("ARCHIVE_STORE")
#: Whether a WARC stays on this disk once it was stored, read back and found the same.
ARCHIVE_KEEP_LOCAL = True
