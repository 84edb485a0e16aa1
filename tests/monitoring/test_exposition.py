"""Metrics as text: read back by Prometheus' own client, replaced in one step, readable for the collector."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from crawler.monitoring.exposition import Metric, check_place, text_of, values_of, write_metrics

LABELS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)


@given(site=LABELS, other=LABELS, value=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_what_is_written_is_read_back(site: str, other: str, value: float) -> None:
    text = text_of([Metric(name="a_bytes", help="one \\ two\nlines", samples=[({"site": site, "other": other}, value)])])
    (family,) = text_string_to_metric_families(text)
    (sample,) = family.samples
    assert (sample.labels, sample.value) == ({"site": site, "other": other}, value)
    assert family.type == "gauge"
    assert values_of(text, "a_bytes") == {site: value}
    assert values_of(text, "a_byte") == {}


def test_a_metric_without_value_is_left_out() -> None:
    assert text_of([Metric(name="a_bytes", help="None.")]) == ""


def test_a_file_is_replaced_in_one_step_and_all_may_read_it(tmp_path: Path) -> None:
    place = tmp_path / "courier.prom"
    place.write_text("old\n")
    before = place.open()
    os.umask(old := os.umask(0o077))
    os.umask(0o077)
    try:
        write_metrics(place, "new\n")
    finally:
        os.umask(old)
    assert before.read() == "old\n", "whoever was reading it goes on with the old file"
    assert place.read_text() == "new\n"
    assert stat.S_IMODE(place.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [place], "nothing beside it that a collector would read"


def test_a_place_that_cannot_be_written_is_told_before(tmp_path: Path) -> None:
    (tmp_path / "folder.prom").mkdir()
    for place in (tmp_path / "no" / "a.prom", tmp_path / "folder.prom"):
        with pytest.raises(OSError, match=r"directory"):
            check_place(place)
    check_place(tmp_path / "a.prom")
    check_place(Path("/dev/null"))
    write_metrics(Path("/dev/null"), "text\n")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(OSError, match=r"No such file"):
        write_metrics(tmp_path / "no" / "a.prom", "text\n")
