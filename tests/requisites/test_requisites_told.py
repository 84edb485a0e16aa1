"""The line of the run report on what pages need to be shown."""

import pytest

from crawler.requisites.told import requisites_told


@pytest.mark.parametrize(
    ("kinds", "line"),
    [
        ({}, []),
        ({"fonts": {"held": 0, "missing": 0}}, []),
        ({"fonts": {"held": 2, "missing": 0}, "pictures": {"held": 1200, "missing": 0}}, ["2 fonts, 1200 pictures held"]),
        ({"fonts": {"held": 2, "missing": 1}, "pictures": {"held": 0, "missing": 3}}, ["2 fonts held; 1 font, 3 pictures missing"]),
        ({"scripts": {"held": 0, "missing": 1}}, ["1 script missing"]),
    ],
)
def test_held_and_missing(kinds: dict[str, dict[str, int]], line: list[str]) -> None:
    assert list(requisites_told(kinds)) == line
