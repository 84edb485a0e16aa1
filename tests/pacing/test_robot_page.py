"""The page that explains the robot says what the settings are, and nothing that is not so."""

from __future__ import annotations

import re
from pathlib import Path

from crawler import settings
from crawler.parsers.robotstxt.robotstxt import AGENT, read_robots

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "robot-page.html").read_text(encoding="utf-8")


def test_the_rates_on_the_page_are_those_of_the_settings() -> None:
    told = re.findall(r'<b data-setting="(\w+)"(?: data-unit="(\d+)")?>([\d.]+)</b>', PAGE)
    assert {name for name, _, _ in told} == {
        "DOWNLOAD_DELAY", "ARCHIVE_DELAY_FACTOR", "ARCHIVE_MAX_DELAY", "ARCHIVE_MAX_RETRY_AFTER", "ARCHIVE_ROBOTS_MAX_AGE", "ARCHIVE_MAX_CRAWL_DELAY",
    }  # fmt: skip
    for name, unit, number in told:
        assert getattr(settings, name) == float(number) * int(unit or 1), name
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1, "One request at a time to a host"
    assert settings.ROBOTSTXT_OBEY
    assert not settings.COOKIES_ENABLED


def test_its_examples_slow_the_robot_down_and_keep_it_out() -> None:
    texts = re.findall(r"<pre>(User-agent: .*?)</pre>", PAGE, re.DOTALL)
    slower, out = (read_robots(text.encode(), (), 10_000, 100)[0] for text in texts)
    assert slower.crawl_delay(AGENT) == 10
    assert not out.can_fetch("https://a.example/story", AGENT)
    assert slower.can_fetch("https://a.example/story", AGENT)


def test_its_user_agent_is_the_one_that_is_sent() -> None:
    name = re.sub(r"/[\d.a-z+]+ ", "/VERSION ", settings.USER_AGENT)
    assert name.removesuffix(")") + "; +[ADDRESS OF THIS PAGE])" in PAGE
    assert AGENT in PAGE
