"""Reports of several crawls together: the gravest exit code, one line a site."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.crawl.report import Report
from crawler.errors import ArchiveError, SetupError
from crawler.monitoring.crawls_report import crawls_document, exit_code_of, render_summary


def report(code: int, site: str = "paper", reason: str = "") -> Report:
    stats: Any = {"captures": 3, "seconds": 1.5}
    return Report(site=site, collection=f"/archives/{site}", stats=stats, checks=(), exit_code=code, reason=reason)


@pytest.mark.parametrize(
    ("codes", "gravest"), [((0, 0), 0), ((0, 10), 10), ((10, 1, 0), 1), ((10, 14), 14), ((14, 12, 1), 12), ((11, 10), 10), ((0, 11), 11)]
)
def test_the_gravest_exit_code_counts(codes: tuple[int, ...], gravest: int) -> None:
    assert exit_code_of([report(code) for code in codes]) == gravest


def test_the_document_of_one_site_is_its_report() -> None:
    assert crawls_document(["paper"], [report(10)]) == (report(10).document(), 10)


def test_the_document_of_several_holds_each_in_order() -> None:
    ended: list[Report | ArchiveError] = [report(0, "a"), SetupError("no such folder")]
    document, code = crawls_document(["a", "b"], ended)
    assert code == document["exit_code"] == 1
    assert document["runs"][0] == report(0, "a").document()
    assert document["runs"][1] == {"site": "b", "verdict": "FAILED", "exit_code": 1, "reason": "no such folder"}


def test_the_summary_names_what_is_not_complete() -> None:
    ended: list[Report | ArchiveError] = [report(0, "a"), report(10, "b", "two\nlines"), SetupError("no such folder")]
    told = render_summary(["a", "b", "c"], ended).splitlines()
    assert told[-1] == "3 sites, 1 of them complete (exit code 1)"
    assert "COMPLETE" in told[0]
    assert told[0].endswith("3 captures in 1.5 s")
    assert told[1].split()[:2] == ["b", "INCOMPLETE"]
    assert "two" in told[1]
    assert "lines" in told[1], "one line a site"
    assert told[2].endswith("no such folder")
