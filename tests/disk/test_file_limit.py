"""Open files: the soft limit is raised as far as allowed, and few files mean few fetches at once."""

from __future__ import annotations

import resource

import pytest

from crawler.disk import file_limit
from crawler.disk.file_limit import fetches_at_once


class Limits:
    """The limit of open files of a process."""

    def __init__(self, soft: int, hard: int, *, refuses: bool = False) -> None:
        self.now, self.refuses = (soft, hard), refuses

    def get(self, which: int) -> tuple[int, int]:
        return self.now

    def set(self, which: int, limits: tuple[int, int]) -> None:
        if self.refuses:
            raise ValueError("not allowed to raise maximum limit")
        self.now = limits


@pytest.mark.parametrize(
    ("soft", "hard", "refuses", "most", "raised"),
    [
        (1024, 1048576, False, 2028, 4096),
        (1024, resource.RLIM_INFINITY, False, 2028, 4096),
        (1024, 2048, False, 1004, 2048),
        (8192, 8192, False, 4076, 8192),
        (1024, 4096, True, 492, 1024),
        (60, 60, False, 10, 60),
        (42, 42, False, 1, 42),
        (10, 10, False, 1, 10),
    ],
)
def test_fetches_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, soft: int, hard: int, refuses: bool, most: int, raised: int
) -> None:
    limits = Limits(soft, hard, refuses=refuses)
    monkeypatch.setattr(file_limit.resource, "getrlimit", limits.get)
    monkeypatch.setattr(file_limit.resource, "setrlimit", limits.set)
    assert fetches_at_once() == most
    assert limits.now[0] == raised
    assert (f"files-limit limit={raised} fetches_at_once={most}" in caplog.text) is (most < 16)
