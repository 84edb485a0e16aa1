"""Names of lanes: one publisher or host has one, whatever the shape of the address."""

from __future__ import annotations

import pytest
from attrs import evolve

from crawler.frontier.lane_names import lane_name, owners_of
from crawler.sites.known import WEB, sites_known


@pytest.mark.parametrize(
    ("site", "url", "lane"),
    [
        ("presstv", "https://cdn.example/1.jpg", "presstv"),
        ("web", "https://www.presstv.ir/x", "presstv"),
        ("web", "http://WWW.PressTV.ir:8080/x", "presstv"),
        ("web", "https://A.example/x", "a.example"),
        ("web", "https://a.example:443/x", "a.example"),
        ("web", "http://a.example:80/x", "a.example"),
        ("web", "http://a.example:443/x", "a.example:443"),
        ("web", "http://127.0.0.1:8000/x", "127.0.0.1:8000"),
        ("web", "http://[::1]:8000/x", "[::1]:8000"),
        ("web", "https://user@a.example/x", "a.example"),
        ("web", "http://a.example:99999/", "a.example"),
    ],
)
def test_a_lane_is_a_publisher_or_a_host_that_is_nobodys(site: str, url: str, lane: str) -> None:
    assert lane_name(site, url, owners_of(sites_known(()).values())) == lane


def test_a_host_of_two_sites_is_the_first_ones_whatever_their_order() -> None:
    one, other = evolve(WEB, name="a", picture_hosts=("p.example",)), evolve(WEB, name="b", picture_hosts=("p.example",))
    assert owners_of([other, one]) == owners_of([one, other]) == {"p.example": "a"}
