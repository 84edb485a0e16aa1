"""The order of the suite: what is slow comes last, so that a fault shows in the first minute."""

from itertools import pairwise

import pytest


def is_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None


def test_slow_tests_come_last(request: pytest.FixtureRequest) -> None:
    late = [(one.nodeid, other.nodeid) for one, other in pairwise(request.session.items) if is_slow(one) and not is_slow(other)]
    assert not late


def test_whole_commands_are_slow(request: pytest.FixtureRequest) -> None:
    whole = [item for item in request.session.items if "scrapy" in getattr(item, "fixturenames", ())]
    assert all(map(is_slow, whole))
