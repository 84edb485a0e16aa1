"""A host that publishers of two workers share is asked at one pace, whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from work_sites import office

pytestmark = [pytest.mark.outer, pytest.mark.slow]
DELAY = 0.4


def test_a_picture_host_of_two_publishers_is_not_asked_faster_by_two_workers(database: str, tmp_path: Path) -> None:
    shared = {"ARCHIVE_FRONTIER": database, "DOWNLOAD_DELAY": DELAY, "DOWNLOAD_DELAY_JITTER": 0, "ARCHIVE_WORK_LANES": 1}
    with office(tmp_path, sites=2, stories=12, picture_host="pictures.example") as one:
        code, out, err = one.run("enqueue", "paper0,paper1", **shared)
        assert code == 0, out + err
        workers = [one.start("work", "--until-idle", **shared, ARCHIVE_WORKER=name) for name in ("a", "b")]
        for worker in workers:
            out, err = worker.communicate(timeout=120)
            assert worker.returncode == 0, out + err
        shards = list(one.archives.glob("*/index.db"))
        pictures = [path for _, host, path in one.papers.asked if host == "pictures.example" and path.endswith(".jpg")]
        gaps = one.papers.gaps()["pictures.example"]
    assert len(shards) == 2
    assert len(pictures) == 2 * 12
    assert min(gaps) >= DELAY - 0.05, sorted(gaps)[:5]
