"""Options of a worker, from settings."""

import pytest
from scrapy.settings import Settings

from crawler.errors import Usage
from crawler.jobs.options import WorkOptions

GIVEN = {
    "ARCHIVE_FRONTIER": "postgresql://crawler@db/frontier", "ARCHIVE_FRONTIER_WAIT": 5.5, "ARCHIVE_LEASE_SECONDS": 30.0, "ARCHIVE_WORKER": "w-1",
    "ARCHIVE_WORK_LANES": 7, "ARCHIVE_HEALTH": "127.0.0.1:8090", "ARCHIVE_WARC_MAX_SECONDS": 900.0, "ARCHIVE_STORE": "s3://bucket/some",
    "ARCHIVE_KEEP_LOCAL": False,
}  # fmt: skip
FIELDS = {
    "ARCHIVE_FRONTIER": "frontier", "ARCHIVE_FRONTIER_WAIT": "wait", "ARCHIVE_LEASE_SECONDS": "lease", "ARCHIVE_WORKER": "worker",
    "ARCHIVE_WORK_LANES": "lanes", "ARCHIVE_HEALTH": "health", "ARCHIVE_WARC_MAX_SECONDS": "seal_seconds", "ARCHIVE_STORE": "store",
    "ARCHIVE_KEEP_LOCAL": "keep_local",
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_of_workers_counts(name: str) -> None:
    assert getattr(WorkOptions.of(Settings(GIVEN)), FIELDS[name]) == GIVEN[name]


def test_a_worker_on_one_machine_is_named_work_and_others_by_their_host() -> None:
    settings = Settings({"ARCHIVE_LEASE_SECONDS": 60, "ARCHIVE_WORK_LANES": 1})
    assert WorkOptions.of(settings).worker == "work"
    settings.set("ARCHIVE_FRONTIER", "postgresql:///x")
    assert WorkOptions.of(settings).worker != "work"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ARCHIVE_FRONTIER", "redis://x"), ("ARCHIVE_STORE", "bucket"), ("ARCHIVE_WORKER", "../x"), ("ARCHIVE_LEASE_SECONDS", 0),
        ("ARCHIVE_WORK_LANES", -1),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(name: str, value: object) -> None:
    with pytest.raises(Usage, match=name):
        WorkOptions.of(Settings(GIVEN | {name: value}))
